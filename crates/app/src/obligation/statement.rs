//! The statement of duties: all that one place of a chain, or the authority's roles, owe under a contract, on a paper that tells of the day on
//! which it was made.

use std::collections::BTreeSet;

use papers::Block;
use platform::authz::{Guarded, Resource};
use platform::{Cx, Error, Result, book, t};
use uuid::Uuid;

use super::model::BY_PLACE;
use super::store::{self, Duty};
use super::words::{Names, Shown, due_text, role_or_party, shown, status_says};
use crate::paper::model::{Draft, Kind};

/// All duties at one place.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The place of a chain; for the authority's roles, the contract.
    pub at: Uuid,
    /// The duties, those that are owed no more too; at least one.
    pub duties: Vec<Duty>,
    /// The parties with a standing place at or above it.
    pub seen_by: BTreeSet<Uuid>,
}

impl Guarded for Statement {
    fn resource(&self) -> Resource {
        Resource::new("statement", self.at).set("seen_by", &self.seen_by)
    }
}

impl Statement {
    /// The statement of what is owed at `at`. Whether the actor may have it, `cx.permit("statement.view", …)` says.
    ///
    /// # Errors
    /// [`Error::NotFound`] when nothing ever was owed there.
    pub async fn of(cx: &Cx, at: Uuid) -> Result<Self> {
        let duties = store::at(cx, at).await?;
        let seen_by = duties.first().map(|duty| duty.seen_by.clone()).unwrap_or_default();
        Ok(Self { at, duties, seen_by })
    }

    /// What stands in it, as the actor reads it.
    pub(super) async fn draft(&self, cx: &Cx) -> Result<Draft> {
        let duties: Vec<&Duty> = self.duties.iter().filter(|duty| duty.row.owed).collect();
        let first = duties.first().ok_or(Error::NotFound)?;
        let names = Names::of(cx, duties.iter().map(|duty| &duty.row)).await?;
        let by_place = first.row.role == BY_PLACE;
        let owner = if by_place { names.party(first.row.party).to_owned() } else { cx.core().settings.authority.name.clone() };
        let clock = &cx.core().clock;
        let mut packs: Vec<(&str, &str)> = duties.iter().map(|d| (d.row.pack.as_str(), d.row.edition.as_str())).collect();
        packs.sort_unstable();
        packs.dedup();
        let mut blocks = vec![
            Block::Address(vec![owner.clone()]),
            Block::Paragraph(t!("obligation-statement-about", contract = &first.title, date = clock.day_text(cx.now()))),
        ];
        for (pack, edition) in &packs {
            let of: Vec<&Duty> = duties.iter().copied().filter(|d| d.row.pack == *pack && d.row.edition == *edition).collect();
            blocks.push(Block::Heading { level: 1, text: t!("obligation-set-by", pack = &of[0].pack.title, edition = *edition) });
            blocks.push(table(cx, &of, &names, by_place));
        }
        let (size, _) = book::head(cx.db()).await?;
        Ok(Draft {
            kind: Kind::Obligations,
            title: t!("obligation-statement-title", owner = owner),
            reference: first.title.clone(),
            edition: packs.iter().map(|(pack, edition)| format!("{pack} {edition}")).collect::<Vec<_>>().join(", "),
            marking: None,
            ledger_index: size.saturating_sub(1),
            blocks,
        })
    }
}

fn table(cx: &Cx, duties: &[&Duty], names: &Names, by_place: bool) -> Block {
    let today = cx.core().clock.today();
    let row = |duty: &&Duty| {
        let obligation = duty.obligation()?;
        let mut cells = vec![obligation.title.clone()];
        if !by_place {
            cells.push(role_or_party(duty, names));
        }
        cells.extend([status_says(duty.status(today)), due_text(duty), evidence(cx, duty, names), obligation.source.join(", ")]);
        Some(cells)
    };
    let owed_by = (!by_place).then(|| t!("pack-owed-by"));
    let heads = ["obligation-status", "obligation-due", "obligation-evidence", "obligation-source"];
    Block::Table {
        caption: String::new(),
        head: [t!("pack-duty")].into_iter().chain(owed_by).chain(heads.map(platform::texts::t)).collect(),
        rows: duties.iter().filter_map(row).collect(),
    }
}

/// What shows that it is met, in one line.
fn evidence(cx: &Cx, duty: &Duty, names: &Names) -> String {
    match shown(cx, duty, names) {
        Shown::Recorded { text, by } => format!("{text} {by}"),
        Shown::Seen(text) | Shown::Aside(text) => text,
        Shown::Nothing => t!("obligation-evidence-none"),
    }
}
