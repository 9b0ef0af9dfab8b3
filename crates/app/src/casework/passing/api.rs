//! Sections passed on, for programs of whoever drafts the answers. The pages of whoever holds a link have no twin here: a link is for a person
//! who was asked, and whoever answers by program has an account.

use jiff::civil::Date;
use platform::Cx;
use platform::Result;
use platform::api::{Api, Area, Call, Listed, Op};
use platform::cases::api::{viewed, whole};
use platform::clock::{Millis, timestamp};
use platform::web::Answer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Passes;
use super::act::{self, NewLink};
use super::pages::{Seen, seen};

/// The routes.
pub fn routes<P: Passes>() -> Api {
    let area = Area::Cases;
    let id = |what: &str| format!("{}.{what}", P::ID);
    let at = |what: &str| format!("{}/{{id}}/passed{what}", P::PATH);
    let post = |what: &str, path: &str| Op::post(id(what), at(&format!("/{{link}}/{path}")), area).versioned().all_of::<PassedSections>();
    Api::new()
        .add(Op::get(id("passed"), at(""), area).all_of::<PassedSections>(), list::<P>)
        .add(Op::post(id("pass_section"), at(""), area).takes::<PassingSections>().all_of::<PassedSections>().makes(), pass::<P>)
        .add(post("resend_section", "resend"), resend::<P>)
        .add(post("extend_section", "extend").takes::<ExtendingLink>(), extend::<P>)
        .add(post("revoke_section", "revoke"), revoke::<P>)
        .add(post("take_section", "take"), take::<P>)
        .add(post("ask_section_again", "ask-again").takes::<AskingAgain>(), ask_again::<P>)
}

/// Sections that were passed to somebody.
#[derive(Serialize, ToSchema)]
struct PassedSections {
    /// The link.
    id: Uuid,
    /// The link whose holder passed it on; none of one that an account made.
    above: Option<Uuid>,
    /// Who holds it.
    name: String,
    /// Where it was sent.
    email: String,
    /// The sections.
    sections: Vec<String>,
    /// The round that it is for.
    round: i32,
    /// Who asked.
    asked_by: String,
    /// What was said with it.
    remark: Option<String>,
    /// `open`, `handed_back`, `taken`, `revoked`, `expired`, or `handed_in` once the whole was.
    state: String,
    /// Its last day.
    #[schema(format = Date)]
    until: String,
    /// Whether the mail with it is being sent, was taken by the mail server, or failed: `sending`, `sent`, `failed`.
    mail: String,
    /// When it was made.
    #[schema(format = DateTime)]
    made_at: String,
    /// When it was first opened.
    #[schema(format = DateTime)]
    opened_at: Option<String>,
    /// When it was last opened.
    #[schema(format = DateTime)]
    last_opened_at: Option<String>,
    /// When something was first answered by it.
    #[schema(format = DateTime)]
    started_at: Option<String>,
    /// When it was handed back.
    #[schema(format = DateTime)]
    handed_back_at: Option<String>,
    /// For the next change.
    version: i32,
}

fn one(cx: &Cx, of: Seen) -> PassedSections {
    let at = |at: Millis| timestamp(at).to_string();
    let row = of.row;
    PassedSections {
        id: row.id,
        above: row.above,
        sections: row.sections().map(str::to_owned).collect(),
        name: of.who.name,
        email: of.who.email,
        round: row.round,
        asked_by: of.by,
        remark: of.remark,
        state: of.stands.code().to_owned(),
        until: cx.core().clock.date_of(row.until).to_string(),
        mail: of.delivery.code().to_owned(),
        made_at: at(row.made_at),
        opened_at: row.opened_at.map(at),
        last_opened_at: row.last_at.map(at),
        started_at: row.started_at.map(at),
        handed_back_at: row.handed_at.map(at),
        version: row.version,
    }
}

async fn all<P: Passes>(call: &Call) -> Result<Vec<PassedSections>> {
    let of = viewed::<P>(call).await?;
    call.cx.permit(P::PASS.pass, &of)?;
    Ok(seen::<P>(&call.cx, &of).await?.into_iter().map(|link| one(&call.cx, link)).collect())
}

async fn list<P: Passes>(call: Call) -> Answer {
    call.listed(&Listed { items: all::<P>(&call).await?, after: None })
}

/// Sections to be passed to somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PassingSections {
    /// Who is asked.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Where the link goes.
    #[schema(min_length = 3, max_length = 200)]
    email: String,
    /// The ids of the sections.
    #[schema(min_items = 1, max_items = 100)]
    sections: Vec<String>,
    /// The last day; two weeks from today when none is given.
    until: Option<Date>,
    /// What whoever is asked reads first.
    #[schema(max_length = 2000)]
    remark: Option<String>,
}

async fn pass<P: Passes>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    let with: PassingSections = call.body()?;
    let new = NewLink { name: with.name, email: with.email, sections: with.sections, until: with.until, remark: with.remark };
    act::pass::<P>(&call.cx, P::case(&of).id, &new).await?;
    call.made(&format!("{}/{}/passed", P::PATH, P::case(&of).id), &whole(all::<P>(&call).await?), None)
}

/// What came of a change: all links of the case; of one that was too slow, how they stand now.
async fn changed<P: Passes>(call: Call, done: Result<()>) -> Answer {
    call.fresh(done, || async { Ok(whole(all::<P>(&call).await?)) }).await?;
    list::<P>(call).await
}

async fn resend<P: Passes>(call: Call) -> Answer {
    let done = act::resend::<P>(&call.cx, call.id("id")?, call.id("link")?, call.version()?).await;
    changed::<P>(call, done).await
}

/// Another last day.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExtendingLink {
    /// The day.
    until: Date,
}

async fn extend<P: Passes>(call: Call) -> Answer {
    let until = call.body::<ExtendingLink>()?.until;
    let done = act::extend::<P>(&call.cx, call.id("id")?, call.id("link")?, call.version()?, until).await;
    changed::<P>(call, done).await
}

async fn revoke<P: Passes>(call: Call) -> Answer {
    let done = act::revoke::<P>(&call.cx, call.id("id")?, call.id("link")?, call.version()?).await;
    changed::<P>(call, done).await
}

async fn take<P: Passes>(call: Call) -> Answer {
    let done = act::take::<P>(&call.cx, call.id("id")?, call.id("link")?, call.version()?).await;
    changed::<P>(call, done).await
}

/// What is still lacking.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AskingAgain {
    /// In words.
    #[schema(min_length = 1, max_length = 2000)]
    remark: String,
    /// The last day; two weeks from today, or the one that stands if that is later, when none is given.
    until: Option<Date>,
}

async fn ask_again<P: Passes>(call: Call) -> Answer {
    let with: AskingAgain = call.body()?;
    let done = act::ask_again::<P>(&call.cx, call.id("id")?, call.id("link")?, call.version()?, with.until, &with.remark).await;
    changed::<P>(call, done).await
}
