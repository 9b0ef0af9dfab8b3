//! What is asked of a list, in its address and of the database.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::Condition;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, SimpleExpr};
use serde_json::json;
use uuid::Uuid;

use super::field::{Kind, Register};
use crate::db::dialect;
use crate::{search, ui};

/// What is asked of a list, read from its address, so that it can be bookmarked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// What is searched for, as typed.
    pub q: String,
    /// The filters that are on.
    pub filters: Vec<(&'static str, String)>,
    /// The field sorted by; none for the usual order.
    pub sort: Option<&'static str>,
    /// Largest first.
    pub down: bool,
    /// The row that the page comes after.
    pub(super) after: Option<(String, Uuid)>,
}

impl Ask {
    /// The same, from the row after this one on.
    pub(super) fn after(&self, after: (String, Uuid)) -> Self {
        Self { after: Some(after), ..self.clone() }
    }

    /// What the address asks for. What it cannot mean is left aside.
    pub fn read(of: &Register, path_and_query: &str) -> Self {
        let query = path_and_query.split_once('?').map_or("", |(_, query)| query);
        let mut ask = Self { q: String::new(), filters: Vec::new(), sort: None, down: false, after: None };
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            match name.as_ref() {
                "q" => ask.q = ui::searched(value),
                "sort" => {
                    let (down, name) = value.strip_prefix('-').map_or((false, value), |name| (true, name));
                    if let Some(field) = of.field(name).filter(|f| f.sorts.is_some()) {
                        (ask.sort, ask.down) = (Some(field.name), down);
                    }
                }
                "after" => ask.after = cursor(value),
                name => {
                    if let Some(field) = of.field(name).filter(|f| f.in_filter && !value.is_empty()) {
                        ask.filters.push((field.name, value.to_owned()));
                    }
                }
            }
        }
        ask
    }

    /// Whether the rows come as the words searched for find them: in the order of their names from the first word on that fits. Else they come
    /// in the order of a column, as asked or as usual.
    pub(super) fn by_words(&self) -> bool {
        self.sort.is_none() && !dialect::fold(&self.q).is_empty()
    }

    /// Whether the rows come in the usual order, by name.
    pub(super) fn usual(&self) -> bool {
        self.sort.is_none() && !self.by_words()
    }

    /// From this row on.
    pub(super) fn begin(&mut self, after: Option<(String, Uuid)>) {
        self.after = after;
    }

    /// The value of a filter that is on.
    pub fn filter(&self, name: &str) -> Option<&str> {
        self.filters.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
    }

    /// The address of the list so asked, from its first page.
    pub fn href(&self, of: &Register) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if !self.q.is_empty() {
            query.append_pair("q", &self.q);
        }
        for (name, value) in &self.filters {
            query.append_pair(name, value);
        }
        if let Some(sort) = self.sort {
            query.append_pair("sort", &format!("{}{sort}", if self.down { "-" } else { "" }));
        }
        if let Some(after) = &self.after {
            query.append_pair("after", &cursor_text(after));
        }
        let query = query.finish();
        if query.is_empty() { of.path.to_owned() } else { format!("{}?{query}", of.path) }
    }

    pub(super) fn first_page(&self) -> Self {
        Self { after: None, ..self.clone() }
    }

    pub(super) fn with(&self, name: &'static str, value: Option<&str>) -> Self {
        let mut ask = self.first_page();
        ask.filters.retain(|(n, _)| *n != name);
        ask.filters.extend(value.map(|v| (name, v.to_owned())));
        ask
    }
}

/// Where a page begins, as an address says it.
pub(super) fn cursor(text: &str) -> Option<(String, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let found: (String, Uuid) = serde_json::from_slice(&bytes).ok()?;
    // No database stores a zero, and so none compares with it.
    (!found.0.contains('\0')).then_some(found)
}

pub(super) fn cursor_text((value, id): &(String, Uuid)) -> String {
    URL_SAFE_NO_PAD.encode(json!([value, id]).to_string())
}

/// Search and filters, but for one.
pub(super) fn wanted(of: &Register, ask: &Ask, but: Option<&str>) -> Condition {
    let mut all = Condition::all();
    let q = dialect::fold(&ask.q);
    if !q.is_empty() {
        all = all.add(search::begins(Alias::new(of.search), &q));
    }
    for (name, value) in ask.filters.iter().filter(|(name, _)| Some(*name) != but) {
        all = all.add(match of.field(name).map(|f| f.kind) {
            Some(Kind::Pick) => Expr::col(Alias::new(*name)).eq(value.parse::<Uuid>().unwrap_or_default()),
            Some(Kind::Choices(codes)) => match codes.iter().find(|code| *code == value) {
                Some(code) => among(name, code),
                None => Expr::val(1).eq(0),
            },
            _ => Expr::col(Alias::new(*name)).eq(value.as_str()),
        });
    }
    all
}

/// That one of a field's codes is among those of a row. Codes hold letters and underscores alone, of which the latter also stand for any other
/// character: no two codes of ours differ by that alone.
pub(super) fn among(name: &str, code: &str) -> SimpleExpr {
    Expr::col(Alias::new(name)).like(format!("%.{code}.%"))
}
