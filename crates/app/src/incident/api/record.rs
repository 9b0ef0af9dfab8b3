//! What is known of an incident beside its answers, for programs.

use platform::api::Call;
use platform::cases::api::viewed;
use platform::clock::timestamp;
use platform::web::Answer;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::merging::{SameIncident, beside};
use crate::incident::model::{Incidents, When};
use crate::incident::{callers, store};

/// A day, with the time of day where that is known, in the authority's time zone.
#[derive(Serialize, ToSchema)]
struct IncidentMoment {
    /// The day.
    #[schema(format = Date)]
    date: String,
    /// The time, `14:30`.
    time: Option<String>,
}

fn moment(when: When) -> IncidentMoment {
    IncidentMoment { date: when.date.to_string(), time: when.time.map(|time| time.strftime("%H:%M").to_string()) }
}

/// What is known of an incident beside its answers.
#[derive(Serialize, ToSchema)]
pub(super) struct IncidentRecord {
    /// When it happened, if that is known.
    happened: Option<IncidentMoment>,
    /// When it was discovered.
    discovered: Option<IncidentMoment>,
    /// When it was reported.
    #[schema(format = DateTime)]
    reported_at: Option<String>,
    /// When somebody at the authority took it up.
    #[schema(format = DateTime)]
    taken_up_at: Option<String>,
    /// How the report came: `page`, `program`, `link`, `told` or `mail`.
    channel: String,
    /// How many answers the last report lacks of those that are needed.
    lacking: i32,
    /// What was decided: `incident` or `not_incident`; none before.
    verdict: Option<String>,
    /// Its categories, once it was decided.
    categories: Vec<String>,
    /// Whether an item was `lost` or `misplaced`, once it was decided.
    lost_or_misplaced: Option<String>,
    /// What the agreed security plan says of checks of callers where it happened, as far as you may read that plan.
    checks_of_callers: Option<ChecksOfCallers>,
    /// The incident that it was merged into, as far as you may read that one.
    merged_into: Option<SameIncident>,
    /// The reports that were merged into it, at once or by way of another one, as far as you may read them.
    duplicates: Vec<SameIncident>,
}

/// What an agreed security plan says of checks of callers' identity.
#[derive(Serialize, ToSchema)]
struct ChecksOfCallers {
    /// The version of the plan.
    plan: Uuid,
    /// Its number.
    version: Option<i32>,
    /// What it says; none where that is sealed: then it is asked for at the plan.
    says: Option<String>,
}

pub(super) async fn record(call: Call) -> Answer {
    let of = viewed::<Incidents>(&call).await?;
    let about = store::about(&call.cx, call.cx.db(), &of.case).await?;
    let decided = about.found.as_ref().filter(|found| found.verdict.is_some());
    let (merged_into, duplicates) = beside(&call.cx, &of).await?;
    let agreed = callers::agreed(&call.cx, &of).await?;
    let agreed = agreed.map(|one| ChecksOfCallers { plan: one.plan.case.id, version: one.plan.number, says: one.says });
    let found = IncidentRecord {
        happened: about.happened.map(moment),
        discovered: about.discovered.map(moment),
        reported_at: of.case.submitted_at.map(|at| timestamp(at).to_string()),
        taken_up_at: about.taken_up_at.map(|at| timestamp(at).to_string()),
        channel: about.channel.code().to_owned(),
        lacking: about.lacking,
        verdict: decided.and_then(|found| found.verdict).map(|verdict| verdict.code().to_owned()),
        categories: decided.map(|found| found.categories.iter().map(|category| category.code().to_owned()).collect()).unwrap_or_default(),
        lost_or_misplaced: decided.and_then(|found| found.item).map(|item| item.code().to_owned()),
        checks_of_callers: agreed,
        merged_into,
        duplicates,
    };
    call.found(&found, None)
}
