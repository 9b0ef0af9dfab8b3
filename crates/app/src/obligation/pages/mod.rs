//! The screens of duties: the list for both sides, and one duty with the forms that record evidence.

pub(super) mod governing;
pub(crate) mod list;
pub(super) mod paper;
pub(super) mod record;

use maud::Markup;
use platform::ui::{self, Tone};

use super::model::Status;
use super::store::Duty;
use super::words::status_says;

fn address(duty: &Duty) -> String {
    format!("/obligations/{}/{}/{}", duty.row.at, duty.row.pack, duty.row.obligation)
}

fn status_tag(status: Status) -> Markup {
    let tone = match status {
        Status::Open => Tone::Blue,
        Status::Met => Tone::Green,
        Status::Soon => Tone::Yellow,
        Status::Overdue => Tone::Red,
        Status::NotApplicable | Status::Past => Tone::Grey,
    };
    ui::tag(&status_says(status), tone)
}
