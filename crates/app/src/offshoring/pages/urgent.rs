//! An approval ahead of the decision: how it stands, and the pages that give it, ratify it or refuse that. Why it was given stays with the authority; the
//! supplier reads what it covers, on which conditions, and by when it must be ratified.

use axum::extract::Path;
use jiff::ToSpan as _;
use jiff::civil::Date;
use maud::{Markup, html};
use platform::cases::{people, store as cases};
use platform::clock::day_text;
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind, Fact, Tone};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use rules::urgent::{End, Stands};
use uuid::Uuid;

use super::{Typed, at, form, page, read_date, standing, viewed};
use crate::offshoring::able::named;
use crate::offshoring::act::{self, UrgentApproving};
use crate::offshoring::letter::{held, scope_facts};
use crate::offshoring::model::{PROPOSAL, Proposal, Urgent};
use crate::offshoring::scope::{Scope, asked_days};
use crate::offshoring::store::{self, UrgentWords};
use crate::offshoring::urgent::ratifiers;

/// So many that wait to be ratified are looked at for one page.
const MOST: usize = 50;
/// So many of those who may ratify are named.
const NAMED: usize = 8;

/// The colour of how an urgent approval stands.
pub(crate) fn urgent_tone(of: &Urgent, today: Date) -> Tone {
    match of.stands(today) {
        Stands::ToRatify => Tone::Yellow,
        Stands::Ratified => Tone::Green,
        Stands::RanOut | Stands::Ended(End::Replaced) => Tone::Grey,
        Stands::Lapsed | Stands::Ended(_) => Tone::Red,
    }
}

/// The proposal, if the visitor may do `action` to it now.
async fn permitted(visit: &Visit, id: &str, action: &'static str) -> Result<Proposal> {
    let cx = &visit.cx;
    let of = act::asked_urgently(cx, cx.db(), viewed(visit, id).await?).await?;
    cx.core().authz.check(&cx.actor, action, &of)?;
    Ok(of)
}

/// What the visitor may do about an urgent approval now: text and address.
pub(super) async fn ways(visit: &Visit, of: &Proposal) -> Result<Vec<(String, String)>> {
    let (cx, today) = (&visit.cx, visit.core().clock.today());
    let mut found = Vec::new();
    if !cx.actor.is_authority() || !of.submitted() {
        return Ok(found);
    }
    let of = act::asked_urgently(cx, cx.db(), of.clone()).await?;
    if of.urgent_now().is_some_and(|urgent| urgent.stands(today) == Stands::ToRatify) {
        let both = [
            ("proposal.ratify", "proposal-urgent-ratify", "ratify"),
            ("proposal.refuse_urgent", "proposal-urgent-refuse", "refuse-urgent"),
        ];
        found.extend(both.into_iter().filter(|(action, ..)| cx.may(action, &of)).map(|(_, text, to)| (texts::t(text), at(&of.case, to))));
    }
    if cx.may("proposal.approve_urgently", &of) && act::urgent_bar(cx, cx.db(), &of).await?.is_none() {
        found.push((t!("proposal-urgent-give"), at(&of.case, "urgent")));
    }
    Ok(found)
}

/// How the urgent approval of a proposal stands, and those before it.
pub(super) async fn panel(visit: &Visit, of: &Proposal) -> Result<Markup> {
    let cx = &visit.cx;
    let all = store::urgents(cx, cx.db(), &of.case).await?;
    let Some((urgent, words)) = all.first() else { return Ok(html! {}) };
    let (today, inside) = (visit.core().clock.today(), cx.may("proposal.read_notes", of));
    let stands = urgent.stands(today);
    // What holds it up comes before what its days would allow.
    let held = if stands.runs() { held(cx, of).await? } else { None };
    let earlier: &[(Urgent, UrgentWords)] = if inside { &all[1..] } else { &[] };
    let title = t!("proposal-urgent-title");
    Ok(html! {
        // Once the levels approved, theirs is what holds.
        @if stands == Stands::Ended(End::Replaced) || of.case.stage == "approved" {
            @if inside { (ui::details(&title, told(visit, of, urgent, words).await?)) }
        } @else {
            section aria-labelledby="urgent" {
                h2 .govuk-heading-m id="urgent" { (title) }
                p .govuk-body { (ui::tag(&store::urgent_says(urgent, today), urgent_tone(urgent, today))) }
                (ui::inset(html! { (held.map_or_else(|| next(urgent, stands), texts::t)) }))
                (told(visit, of, urgent, words).await?)
            }
        }
        @if !earlier.is_empty() {
            (ui::details(&t!("proposal-urgent-earlier"), html! {
                ul .govuk-list .govuk-list--bullet {
                    @for (urgent, words) in earlier {
                        li {
                            (t!("proposal-urgent-earlier-one", from = day_text(urgent.from), until = day_text(urgent.until), stands = store::urgent_says(urgent, today)))
                            " " (words.reason)
                        }
                    }
                }
            }))
        }
    })
}

/// What its standing means for the work.
fn next(of: &Urgent, stands: Stands) -> String {
    match stands {
        Stands::ToRatify => t!("proposal-urgent-to-ratify-next", day = day_text(of.ratify_by), until = day_text(of.until)),
        Stands::Ratified => t!("proposal-urgent-ratified-next", until = day_text(of.until)),
        _ => t!("proposal-urgent-over-next"),
    }
}

/// What is said of it: days and conditions to both sides, who and why to the authority.
async fn told(visit: &Visit, of: &Proposal, urgent: &Urgent, words: &UrgentWords) -> Result<Markup> {
    let (cx, clock) = (&visit.cx, &visit.core().clock);
    let inside = cx.may("proposal.read_notes", of);
    let people = [Some(urgent.by), urgent.given_for, urgent.ratified.map(|(by, _)| by), urgent.ratified_for, words.ended_by];
    let names = people::names(cx, people.into_iter().flatten().filter(|_| inside)).await?;
    let name_of = |id, acts_for| people::who(&names, id, acts_for).unwrap_or_else(|| t!("case-somebody"));
    let mut rows = vec![
        ("proposal-scope-days", html! { (t!("proposal-from-to", from = day_text(urgent.from), to = day_text(urgent.until))) }),
        ("proposal-urgent-by-when", html! { (day_text(urgent.ratify_by)) }),
    ];
    let conditions: Vec<&str> = words.conditions.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if !conditions.is_empty() {
        let lines = html! { @for (n, line) in conditions.iter().enumerate() { @if n > 0 { br; } (line) } };
        rows.push(("proposal-letter-conditions", lines));
    }
    if inside && urgent.stands(visit.core().clock.today()) == Stands::ToRatify {
        let others = who(cx, of, urgent).await?;
        let says = if others.is_empty() { t!("proposal-urgent-nobody") } else { others.join(", ") };
        rows.push(("proposal-urgent-may-ratify", html! { (says) }));
    }
    if inside {
        rows.push((
            "proposal-urgent-given",
            html! { (t!("proposal-urgent-who", name = name_of(urgent.by, urgent.given_for), date = clock.day_text(urgent.at))) },
        ));
        rows.push(("proposal-urgent-reason", html! { (words.reason) }));
        if let Some((by, at)) = urgent.ratified {
            rows.push((
                "proposal-urgent-ratified-on",
                html! {
                    (t!("proposal-urgent-who", name = name_of(by, urgent.ratified_for), date = clock.day_text(at)))
                    @if let Some(why) = &words.ratified { br; (why) }
                },
            ));
        }
    }
    if let Some((_, at)) = urgent.ended {
        rows.push(("proposal-urgent-ended-on", html! {
            @if let Some(by) = words.ended_by.filter(|_| inside) { (t!("proposal-urgent-who", name = name_of(by, None), date = clock.day_text(at))) }
            @else { (clock.day_text(at)) }
            @if let Some(why) = words.ended.as_ref().filter(|_| inside) { br; (why) }
        }));
    }
    let drawn: Vec<(String, Markup)> = rows.into_iter().map(|(key, value)| (texts::t(key), value)).collect();
    let facts: Vec<Fact> = drawn.iter().map(|(key, value)| Fact::new(key, value.clone())).collect();
    Ok(ui::summary_list(&facts, true))
}

/// Those who may ratify one by name, as many as one line holds.
async fn who(cx: &Cx, of: &Proposal, given: &Urgent) -> Result<Vec<String>> {
    let mut all = ratifiers(cx, of, given).await?;
    all.truncate(NAMED);
    named(cx, &all).await
}

/// What an approval of the answers would cover, with the days that they ask for where `days` are to be chosen; and those.
async fn scope(visit: &Visit, of: &Proposal, given: Option<Uuid>) -> Result<(Markup, Option<(Date, Date)>)> {
    let cx = &visit.cx;
    let (answers, digest) = act::handed_in(cx, cx.db(), &of.case).await?;
    let asked = asked_days(&answers);
    // What was given is what is ratified, whatever was handed in since.
    let frozen = match given {
        Some(id) => store::urgent_scope(cx, cx.db(), &of.case, id).await?,
        None => Some(Scope::of(&answers, &digest, None)),
    };
    let facts = scope_facts(cx, &frozen.unwrap_or_default(), asked.filter(|_| given.is_none())).await?;
    let rows: Vec<Fact> = facts.iter().map(|(key, value)| Fact::text(key, value)).collect();
    let drawn = html! {
        h2 .govuk-heading-m { (t!("proposal-scope")) }
        (ui::summary_list(&rows, true))
        p .govuk-body { a .govuk-link href=(at(&of.case, "")) { (t!("proposal-all-answers")) } }
    };
    Ok((drawn, asked))
}

pub(super) async fn giving(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = permitted(&visit, &id, "proposal.approve_urgently").await?;
    give_page(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn give_page(visit: &Visit, of: &Proposal, typed: Typed<'_>) -> Answer {
    let (cx, today) = (&visit.cx, visit.core().clock.today());
    if let Some(bar) = act::urgent_bar(cx, cx.db(), of).await? {
        return Err(Error::Conflict(act::urgent_bar_says(bar, of)));
    }
    let terms = act::urgent_terms(cx, &of.case).ok_or(Error::NotFound)?;
    let (covers, asked) = scope(visit, of, None).await?;
    let from = asked.map_or(today, |(first, _)| first.max(today));
    let longest = from.checked_add((i64::from(terms.days) - 1).days()).unwrap_or(Date::MAX);
    let until = asked.map_or(longest, |(_, last)| longest.min(last));
    let title = t!("proposal-urgent-give");
    let roles: Vec<String> = terms.ratify.roles.iter().map(|role| crate::pack::pages::role(role.code())).collect();
    let by = cx.actor.signed_in()?;
    let mine = Urgent {
        id: Uuid::nil(),
        case: of.case.id,
        by: by.account,
        given_for: by.stands_for(),
        at: cx.now(),
        from,
        until,
        ratify_by: rules::urgent::ratify_by(today, terms.ratify.days, until),
        ratifiers: terms.ratify.roles.iter().map(|role| role.code().to_owned()).collect(),
        ratified: None,
        ratified_for: None,
        ended: None,
    };
    let others = who(cx, of, &mine).await?;
    let inner = html! {
        (typed.date("from", "proposal-first-day", Some(from), false))
        (typed.date("until", "proposal-urgent-until", Some(until), false))
        (typed.optional_area("conditions", "proposal-urgent-conditions", 4))
        (typed.area("reason", "proposal-urgent-why", 5))
        (ui::button(&title, ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("proposal-urgent-about", days = terms.days)) }
        p .govuk-body { (t!("proposal-urgent-about-ratify", days = terms.ratify.days, roles = roles.join(", "))) }
        @if others.is_empty() { (ui::inset(html! { strong { (t!("proposal-urgent-nobody")) } })) }
        @else { p .govuk-body { (t!("proposal-urgent-may", names = others.join(", "))) } }
        p .govuk-body { (t!("proposal-urgent-about-case")) }
        (covers)
        (form(visit, &at(&of.case, "urgent"), Some(of.case.version), inner)?)
    };
    Ok(page(visit, of, &title).errors(typed.errors).body(&body))
}

pub(super) async fn give(Path(id): Path<String>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = viewed(visit, &id).await?;
    let mut errors = FieldErrors::default();
    let (from, until) = (read_date(fields, "from", &mut errors), read_date(fields, "until", &mut errors));
    let result = match (errors.or(()), from, until) {
        (Ok(()), Some(from), Some(until)) => {
            let (reason, conditions) = (fields.get("reason").to_owned(), fields.get("conditions").to_owned());
            let with = UrgentApproving { reason, conditions, from, until };
            act::approve_urgently(&visit.cx, of.case.id, fields.version()?, &with).await
        }
        (Err(error), ..) => Err(error),
        _ => Err(Error::NotFound),
    };
    match result {
        Ok(()) => Ok(see_other(&at(&of.case, ""))),
        Err(Error::Invalid(errors)) => {
            let of = permitted(visit, &id, "proposal.approve_urgently").await?;
            give_page(visit, &of, Typed { fields, errors: &errors }).await
        }
        Err(other) => Err(other),
    }
}

/// Which of two is asked about one that waits to be ratified.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Ratify,
    Refuse,
}

impl Asks {
    fn action(self) -> &'static str {
        match self {
            Self::Ratify => "proposal.ratify",
            Self::Refuse => "proposal.refuse_urgent",
        }
    }

    fn page(self) -> &'static str {
        match self {
            Self::Ratify => "ratify",
            Self::Refuse => "refuse-urgent",
        }
    }
}

pub(super) async fn ratifying(visit: Visit, Path(id): Path<String>) -> Answer {
    asking(&visit, &id, Asks::Ratify).await
}

pub(super) async fn refusing(visit: Visit, Path(id): Path<String>) -> Answer {
    asking(&visit, &id, Asks::Refuse).await
}

async fn asking(visit: &Visit, id: &str, asks: Asks) -> Answer {
    let of = permitted(visit, id, asks.action()).await?;
    ask_page(visit, &of, asks, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn ask_page(visit: &Visit, of: &Proposal, asks: Asks, typed: Typed<'_>) -> Answer {
    let cx = &visit.cx;
    let (urgent, words) = store::urgents(cx, cx.db(), &of.case).await?.into_iter().next().ok_or(Error::NotFound)?;
    act::urgent_waits(of, visit.core().clock.today())?;
    let until = day_text(urgent.until);
    let (title, about, kind) = match asks {
        Asks::Ratify => (t!("proposal-urgent-ratify"), t!("proposal-urgent-ratify-about", until = until), ButtonKind::Primary),
        Asks::Refuse => (t!("proposal-urgent-refuse"), t!("proposal-urgent-refuse-about"), ButtonKind::Warning),
    };
    let inner = html! { (typed.area("reason", "proposal-urgent-reason-kept", 5)) (ui::button(&title, kind)) };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (about) }
        (told(visit, of, &urgent, &words).await?)
        (standing::why(visit, of).await?)
        (scope(visit, of, Some(urgent.id)).await?.0)
        (form(visit, &at(&of.case, asks.page()), Some(of.case.version), inner)?)
    };
    Ok(page(visit, of, &title).errors(typed.errors).body(&body))
}

pub(super) async fn ratify(Path(id): Path<String>, post: Posted) -> Answer {
    answer(&id, &post, Asks::Ratify).await
}

pub(super) async fn refuse(Path(id): Path<String>, post: Posted) -> Answer {
    answer(&id, &post, Asks::Refuse).await
}

async fn answer(id: &str, post: &Posted, asks: Asks) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = viewed(visit, id).await?;
    let (version, reason) = (fields.version()?, fields.get("reason"));
    let result = match asks {
        Asks::Ratify => act::ratify(&visit.cx, of.case.id, version, reason).await,
        Asks::Refuse => act::refuse_urgent(&visit.cx, of.case.id, version, reason).await,
    };
    match result {
        Ok(()) => Ok(see_other(&at(&of.case, ""))),
        Err(Error::Invalid(errors)) => {
            let of = permitted(visit, id, asks.action()).await?;
            ask_page(visit, &of, asks, Typed { fields, errors: &errors }).await
        }
        Err(other) => Err(other),
    }
}

/// The urgent approvals that the visitor may ratify: text and address, those with the least time first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn waiting(visit: &Visit) -> Result<Vec<(String, String)>> {
    let cx = &visit.cx;
    if !cx.actor.is_authority() {
        return Ok(Vec::new());
    }
    let mut open = store::unratified(cx.db(), cx.core().clock.today()).await?;
    open.truncate(MOST);
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let all = store::load_all(cx.db(), cases::all(cx.db(), &PROPOSAL, open.iter().map(|urgent| urgent.case)).await?).await?;
    let line = |urgent: &Urgent| {
        let of = all.iter().find(|of| of.case.id == urgent.case).filter(|of| cx.may("proposal.ratify", *of))?;
        let reference = of.case.reference.clone().unwrap_or_else(|| t!("case-no-reference"));
        Some((t!("home-urgent-one", reference = reference, day = day_text(urgent.ratify_by)), at(&of.case, "ratify")))
    };
    Ok(open.iter().filter_map(line).collect())
}
