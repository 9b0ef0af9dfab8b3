//! What whoever drafts the answers does with links: passes sections, sends again, extends, calls back, takes, asks again.

pub mod holding;

use jiff::ToSpan as _;
use jiff::civil::Date;
use platform::authz::Guarded as _;
use platform::cases::{Case, Words};
use platform::clock::Millis;
use platform::cx::{Cx, Entry, Permit, Tx};
use platform::error::FieldErrors;
use platform::forms::passing::{self, Holder, Model, State};
use platform::identity::throttle::{self, Count};
use platform::texts::Text;
use platform::{Error, Result, mail, t};
use rules::form::Form;
use serde_json::json;
use uuid::Uuid;

use crate::account::model::is_email;
use crate::casework::passing::{LONGEST_DAYS, MOST_BELOW, MOST_OPEN, Passes, USUAL_DAYS, path_of, titles};
use crate::casework::{self, account};

/// The longest name of whom sections are passed to, in characters.
pub const LONGEST_NAME: usize = 200;
/// The longest remark, in characters.
pub const LONGEST_REMARK: usize = 2_000;

/// Sections to be passed to somebody.
#[derive(Debug, Clone, Default)]
pub struct NewLink {
    /// Who is asked.
    pub name: String,
    /// Where the link goes.
    pub email: String,
    /// The ids of the sections.
    pub sections: Vec<String>,
    /// Its last day; two weeks from today when none is given.
    pub until: Option<Date>,
    /// What whoever asks says with it.
    pub remark: Option<String>,
}

/// Who asks, in words.
#[derive(Debug, Clone)]
pub(super) struct Asker {
    name: String,
    party: String,
}

/// A new link that passed all checks.
pub(super) struct Checked {
    pub(super) who: Holder,
    pub(super) sections: Vec<String>,
    pub(super) until: Millis,
    pub(super) remark: Option<String>,
}

/// Checks what was typed; `offered` are the sections that may be passed, `latest` is the last day that may be given.
pub(super) fn checked(cx: &Cx, new: &NewLink, offered: &[&str], latest: Date) -> Result<Checked> {
    let mut errors = FieldErrors::default();
    let name = new.name.split_whitespace().collect::<Vec<_>>().join(" ");
    let email = platform::identity::holder::address(&new.email);
    if name.is_empty() {
        errors.add("name", Text::new("passing-name-missing"));
    } else if name.contains(['/', '@', '<', '>']) {
        // It stands in mail to others: no address goes out under somebody's name.
        errors.add("name", Text::new("passing-name-wrong"));
    } else if name.chars().count() > LONGEST_NAME {
        errors.add("name", Text::new("error-too-long").with("max", LONGEST_NAME));
    }
    if !is_email(&email) {
        errors.add("email", Text::new("account-email-wrong"));
    }
    let sections: Vec<String> =
        offered.iter().filter(|id| new.sections.iter().any(|asked| asked == *id)).map(|id| (*id).to_owned()).collect();
    if sections.is_empty() || new.sections.iter().any(|asked| !offered.contains(&asked.as_str())) {
        errors.add("sections", Text::new("passing-sections-missing"));
    }
    let day = new.until.unwrap_or_else(|| usual(cx).min(latest));
    if let Err(wrong) = fits(cx, day, latest) {
        errors.add("until", wrong);
    }
    let remark = new.remark.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    if remark.as_ref().is_some_and(|text| text.chars().count() > LONGEST_REMARK) {
        errors.add("remark", Text::new("error-too-long").with("max", LONGEST_REMARK));
    }
    errors.or(())?;
    Ok(Checked { who: Holder { name, email }, sections, until: passing::until(cx, day), remark })
}

/// The last day of a link unless another is chosen.
pub fn usual(cx: &Cx) -> Date {
    after(cx, USUAL_DAYS)
}

/// The latest last day of a link.
pub fn latest(cx: &Cx) -> Date {
    after(cx, LONGEST_DAYS)
}

fn after(cx: &Cx, days: i64) -> Date {
    let today = cx.core().clock.today();
    today.checked_add(days.days()).unwrap_or(today)
}

/// Whether a link may have this last day.
fn fits(cx: &Cx, day: Date, latest: Date) -> Result<(), Text> {
    if day < cx.core().clock.today() {
        return Err(Text::new("passing-until-past"));
    }
    if day > latest {
        return Err(Text::new("passing-until-late").with("date", platform::clock::day_text(latest)));
    }
    Ok(())
}

/// Passes sections to somebody; the link's id.
///
/// # Errors
/// [`Error::Invalid`] for a name, address, section or day that cannot be; [`Error::Conflict`] when too many links work; or a refusal.
pub async fn pass<P: Passes>(cx: &Cx, id: Uuid, new: &NewLink) -> Result<Uuid> {
    let by = account(cx)?;
    let mut tx = cx.begin().await?;
    let of = casework::lock::<P>(&tx, id).await?;
    cx.refuse_twin(&tx).await?;
    let permit = cx.permit(P::PASS.pass, &of)?;
    let case = P::case(&of);
    let pack = P::pack(cx, case)?;
    let form = P::form(&pack)?;
    let offered: Vec<&str> = form.sections.iter().map(|section| section.id.as_str()).collect();
    let new = checked(cx, new, &offered, latest(cx))?;
    room(&passing::lock(&tx, case.id).await?, None, cx.now())?;
    let asker = Asker { name: by.name.clone(), party: by.party_name.clone() };
    let row = make::<P>(cx, &mut tx, (case, form), new, (None, Some(by.account)), &asker).await?;
    let entry = told::<P>(P::PASS.pass, &of, &row);
    cx.commit(tx, permit, [entry]).await?;
    Ok(row.id)
}

/// That there is room for one more link, below `above` or at the top.
pub(super) fn room(all: &[Model], above: Option<Uuid>, now: Millis) -> Result<()> {
    let open = |row: &&Model| row.is(State::Open) && row.until >= now;
    let below = all.iter().filter(|row| above.is_some() && row.above == above).count();
    if all.iter().filter(open).count() >= MOST_OPEN || below >= MOST_BELOW {
        return Err(Error::Conflict(Text::new("passing-too-many").with("most", if above.is_some() { MOST_BELOW } else { MOST_OPEN })));
    }
    Ok(())
}

/// Makes a link and the job that sends it.
pub(super) async fn make<P: Passes>(
    cx: &Cx,
    tx: &mut Tx,
    (case, form): (&Case, &Form),
    new: Checked,
    (above, made_by): (Option<Uuid>, Option<Uuid>),
    asker: &Asker,
) -> Result<Model> {
    let words = Words::writing(cx, tx, case).await?;
    let (id, now) = (cx.id()?, tx.now());
    let (token, digest) = passing::token()?;
    let (name, email, remark) = passing::sealed(&words, id, &new.who, new.remark.as_deref())?;
    let row = Model {
        id,
        kind: P::KIND.id.to_owned(),
        case: case.id,
        round: case.round,
        sections: new.sections.join(" "),
        token: digest,
        above,
        made_by,
        name,
        email,
        remark,
        state: State::Open.code().to_owned(),
        until: new.until,
        made_at: now,
        mail: cx.id()?,
        mailed_at: now,
        opened_at: None,
        last_at: None,
        started_at: None,
        handed_at: None,
        ended_at: None,
        version: 1,
    };
    send::<P>(cx, tx, (case, form), &row, &new.who, (&token, asker, false));
    passing::insert(tx, row.clone()).await?;
    Ok(row)
}

/// The job that sends a link. The mail says who asks for which sections by when: never what anybody wrote.
fn send<P: Passes>(
    cx: &Cx,
    tx: &mut Tx,
    (case, form): (&Case, &Form),
    row: &Model,
    who: &Holder,
    (token, asker, again): (&str, &Asker, bool),
) {
    let settings = &cx.core().settings;
    let link = format!("{}{}", settings.public_url.trim_end_matches('/'), path_of::<P>(token, ""));
    let sections = titles(form, row).into_iter().map(|title| format!("- {title}")).collect::<Vec<_>>().join("\n");
    let text = Text::new(if again { "passing-mail-again" } else { "passing-mail" })
        .with("name", &who.name)
        .with("asker", &asker.name)
        .with("party", &asker.party)
        .with("authority", &settings.authority.name)
        .with("sections", sections)
        .with("date", cx.core().clock.day_text(row.until))
        .with("link", link)
        .say();
    let subject = t!("passing-mail-subject", asker = &asker.name, authority = &settings.authority.name);
    tx.job(mail::message(&who.email, &subject, &text).sealed_for(platform::cases::words::subject(case)).id(row.mail));
}

/// The entry about a link: ids and codes; who holds it stands nowhere in it.
pub(super) fn told<P: Passes>(action: &'static str, of: &P::Thing, row: &Model) -> Entry {
    let case = P::case(of);
    let entry = Entry::new(action, P::KIND.id, of.resource().id).about("link", row.id).about("round", case.round);
    let entry = row.above.map_or(entry.clone(), |above| entry.about("above", above));
    entry.body(json!({ "sections": row.sections().collect::<Vec<_>>() }))
}

/// A case, its links and one of them, held still; with leave for `action`.
async fn open<P: Passes>(
    cx: &Cx,
    tx: &Tx,
    (id, link): (Uuid, Uuid),
    version: i32,
    action: &'static str,
) -> Result<(P::Thing, Vec<Model>, Model, Permit)> {
    let of = casework::lock::<P>(tx, id).await?;
    cx.refuse_twin(tx).await?;
    let permit = cx.permit(action, &of)?;
    let all = passing::lock(tx, id).await?;
    let row = all.iter().find(|row| row.id == link).cloned().ok_or(Error::NotFound)?;
    if row.version != version {
        return Err(Error::Stale(Text::new("passing-stale")));
    }
    if row.round != P::case(&of).round {
        return Err(Error::conflict("passing-over"));
    }
    Ok((of, all, row, permit))
}

fn must_be(row: &Model, states: &[State]) -> Result<()> {
    if states.iter().any(|state| row.is(*state)) { Ok(()) } else { Err(Error::conflict("passing-not-now")) }
}

/// Refuses to make a link work that stands below one that works no more: its page would say so, whatever a mail promises.
fn reached(cx: &Cx, all: &[Model], row: &Model) -> Result<()> {
    if super::reached(all, row, cx.now()) { Ok(()) } else { Err(Error::conflict("passing-above-first")) }
}

/// Who asks now: the account that acts.
fn acting(cx: &Cx) -> Result<Asker> {
    let by = account(cx)?;
    Ok(Asker { name: by.name.clone(), party: by.party_name.clone() })
}

/// Sends a link again. It is a new one: whoever found the former mail comes in by it no more.
///
/// # Errors
/// [`Error::Conflict`] when it works no more; [`Error::TooMany`] soon after others; [`Error::Stale`]; or a refusal.
pub async fn resend<P: Passes>(cx: &Cx, id: Uuid, link: Uuid, version: i32) -> Result<()> {
    let asker = acting(cx)?;
    // Each sends a mail: nobody is written to over and over. Asked first, for counting is a transaction of its own.
    let looked = P::load(cx.db(), vec![platform::cases::store::get(cx.db(), P::KIND, id).await?]).await?.pop().ok_or(Error::NotFound)?;
    cx.permit(P::PASS.resend, &looked)?;
    throttle::enter(cx, &[Count::new(&["section-link", &link.to_string()], throttle::MESSAGES)]).await?;
    let mut tx = cx.begin().await?;
    let (of, all, row, permit) = open::<P>(cx, &tx, (id, link), version, P::PASS.resend).await?;
    must_be(&row, &[State::Open])?;
    reached(cx, &all, &row)?;
    if row.until < cx.now() {
        return Err(Error::conflict("passing-extend-first"));
    }
    let row = again::<P>(cx, &mut tx, &of, row, (&asker, false)).await?;
    let entry = told::<P>(P::PASS.resend, &of, &row);
    cx.commit(tx, permit, [entry]).await
}

/// Gives a link a fresh token and sends it.
async fn again<P: Passes>(cx: &Cx, tx: &mut Tx, of: &P::Thing, row: Model, (asker, again): (&Asker, bool)) -> Result<Model> {
    let case = P::case(of);
    let pack = P::pack(cx, case)?;
    let words = Words::writing(cx, tx, case).await?;
    let who = passing::holder(&words, &row)?;
    let (token, digest) = passing::token()?;
    let row = Model { token: digest, mail: cx.id()?, mailed_at: tx.now(), ..row };
    send::<P>(cx, tx, (case, P::form(&pack)?), &row, &who, (&token, asker, again));
    passing::update(tx, row.clone()).await?;
    Ok(row)
}

/// The latest last day of a link: never beyond that of the one above it.
fn bound(cx: &Cx, all: &[Model], row: &Model) -> Date {
    let above = passing::above(all, row).into_iter().map(|link| cx.core().clock.date_of(link.until)).min();
    above.map_or_else(|| latest(cx), |day| day.min(latest(cx)))
}

/// Gives a link another last day.
///
/// # Errors
/// [`Error::Invalid`] for a day that cannot be; [`Error::Conflict`] when it was handed back or called back; [`Error::Stale`]; or a refusal.
pub async fn extend<P: Passes>(cx: &Cx, id: Uuid, link: Uuid, version: i32, until: Date) -> Result<()> {
    let tx = cx.begin().await?;
    let (of, all, row, permit) = open::<P>(cx, &tx, (id, link), version, P::PASS.extend).await?;
    must_be(&row, &[State::Open])?;
    reached(cx, &all, &row)?;
    fits(cx, until, bound(cx, &all, &row)).map_err(|wrong| Error::field("until", wrong))?;
    let row = Model { until: passing::until(cx, until), ..row };
    passing::update(&tx, row.clone()).await?;
    let entry = told::<P>(P::PASS.extend, &of, &row).about("until", until);
    cx.commit(tx, permit, [entry]).await
}

/// Calls a link back, and those below it.
///
/// # Errors
/// [`Error::Conflict`] when it was already; [`Error::Stale`]; or a refusal.
pub async fn revoke<P: Passes>(cx: &Cx, id: Uuid, link: Uuid, version: i32) -> Result<()> {
    let tx = cx.begin().await?;
    let (of, all, row, permit) = open::<P>(cx, &tx, (id, link), version, P::PASS.revoke).await?;
    must_be(&row, &[State::Open, State::HandedBack, State::Taken])?;
    let below: Vec<Model> = passing::below(&all, link).into_iter().filter(|row| !row.is(State::Revoked)).cloned().collect();
    let count = below.len();
    for one in std::iter::once(row.clone()).chain(below) {
        passing::update(&tx, Model { state: State::Revoked.code().to_owned(), ended_at: Some(tx.now()), ..one }).await?;
    }
    let entry = told::<P>(P::PASS.revoke, &of, &row).about("below", count);
    cx.commit(tx, permit, [entry]).await
}

/// Takes what was handed back as it is.
///
/// # Errors
/// [`Error::Conflict`] when it was not handed back; [`Error::Stale`]; or a refusal.
pub async fn take<P: Passes>(cx: &Cx, id: Uuid, link: Uuid, version: i32) -> Result<()> {
    let tx = cx.begin().await?;
    let (of, _, row, permit) = open::<P>(cx, &tx, (id, link), version, P::PASS.take).await?;
    must_be(&row, &[State::HandedBack])?;
    let row = Model { state: State::Taken.code().to_owned(), ended_at: Some(tx.now()), ..row };
    passing::update(&tx, row.clone()).await?;
    let entry = told::<P>(P::PASS.take, &of, &row);
    cx.commit(tx, permit, [entry]).await
}

/// Asks again for what was handed back, with what is still lacking: the same link works again, by a fresh mail.
///
/// # Errors
/// [`Error::Invalid`] without a remark, or for a day that cannot be; [`Error::Conflict`] when it was not handed back; [`Error::Stale`]; or a
/// refusal.
pub async fn ask_again<P: Passes>(cx: &Cx, id: Uuid, link: Uuid, version: i32, until: Option<Date>, remark: &str) -> Result<()> {
    let asker = acting(cx)?;
    let mut tx = cx.begin().await?;
    let (of, all, row, permit) = open::<P>(cx, &tx, (id, link), version, P::PASS.ask_again).await?;
    must_be(&row, &[State::HandedBack, State::Taken])?;
    reached(cx, &all, &row)?;
    let mut errors = FieldErrors::default();
    let remark = remark.trim();
    if remark.is_empty() {
        errors.add("remark", Text::new("passing-remark-missing"));
    } else if remark.chars().count() > LONGEST_REMARK {
        errors.add("remark", Text::new("error-too-long").with("max", LONGEST_REMARK));
    }
    let latest = bound(cx, &all, &row);
    let day = until.unwrap_or_else(|| cx.core().clock.date_of(row.until).max(usual(cx)).min(latest));
    if let Err(wrong) = fits(cx, day, latest) {
        errors.add("until", wrong);
    }
    errors.or(())?;
    let words = Words::writing(cx, &tx, P::case(&of)).await?;
    let row = Model {
        state: State::Open.code().to_owned(),
        remark: passing::seal_remark(&words, row.id, Some(remark))?,
        until: passing::until(cx, day),
        handed_at: None,
        ended_at: None,
        ..row
    };
    let row = again::<P>(cx, &mut tx, &of, row, (&asker, true)).await?;
    let entry = told::<P>(P::PASS.ask_again, &of, &row).about("until", day);
    cx.commit(tx, permit, [entry]).await
}
