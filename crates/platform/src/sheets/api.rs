//! Lists taken out by programs: the same file as the page's form gives, with the same entry. It is a POST, as the form is, because it leaves
//! that entry; it changes nothing, so a token that may read is enough.

use serde::Deserialize;
use utoipa::ToSchema;

use super::pages::given;
use super::{Format, List};
use crate::api::{Api, Call, Op};
use crate::error::Error;
use crate::texts::Text;
use crate::web::{Access, Answer};

/// What a list becomes.
static MEDIA: [&str; 3] = [Format::Csv.media(), Format::Xlsx.media(), Format::Json.media()];

/// Which file, and of which rows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Exporting {
    /// The form of the file.
    format: ExportFormat,
    /// The search and filters, as they stand in the address of the list's page after the question mark: `q=harbour&country=IN`.
    #[schema(max_length = 2000)]
    filter: Option<String>,
}

/// The form of a file.
#[derive(Deserialize, ToSchema, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum ExportFormat {
    /// Comma-separated values.
    Csv,
    /// A workbook of Excel.
    Xlsx,
    /// One JSON document.
    Json,
}

impl ExportFormat {
    fn format(self) -> Format {
        match self {
            Self::Csv => Format::Csv,
            Self::Xlsx => Format::Xlsx,
            Self::Json => Format::Json,
        }
    }
}

/// A route for each of these lists.
pub(super) fn routes(lists: &[&'static List]) -> Api {
    lists.iter().fold(Api::new(), |routes, list| {
        let list: &'static List = list;
        let says = Text::new("api-list-export").with("list", crate::texts::t(list.title));
        let op = Op::post(format!("{}.export", list.code), format!("/api/v1{}", list.export), list.area).reads().says(says);
        let op = op.takes::<Exporting>().answers_bytes(&MEDIA);
        let op = if list.access == Access::Authority { op.authority() } else { op };
        routes.add(op, move |call: Call| export(call, list))
    })
}

async fn export(call: Call, list: &'static List) -> Answer {
    let Exporting { format, filter } = call.body()?;
    let filter = filter.unwrap_or_default();
    if filter.starts_with('?') {
        return Err(Error::field("filter", Text::new("list-filter-bare")));
    }
    given(&call.cx, list, &filter, format.format()).await
}
