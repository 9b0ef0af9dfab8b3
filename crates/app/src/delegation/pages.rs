//! The screens: who decides while one is away, and for whom one decides.

use axum::extract::Path;
use maud::{Markup, html};
use platform::cases::people;
use platform::clock::day_text;
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind, Choice, Field, Link, Tone};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use uuid::Uuid;

use super::act;
use super::model::{Asking, Delegation, State};
use super::store::{self, Held};
use crate::casework::typed::{Typed, form, id_of, read_date};

const PAGE: &str = "/account/delegations";

pub(super) async fn list(visit: Visit) -> Answer {
    let cx = &visit.cx;
    let account = cx.actor.signed_in()?.account;
    let all = store::list(cx, Some(account), None, store::SHOWN).await?;
    // Whoever keeps or audits accounts sees everybody's.
    let others: Vec<Held> = store::list(cx, None, None, store::SHOWN)
        .await?
        .into_iter()
        .filter(|one| ![one.thing.by, one.thing.to].contains(&account))
        .collect();
    let (given, has): (Vec<&Held>, Vec<&Held>) = all.iter().partition(|held| held.thing.by == account);
    let instead = cx.actor.signed_in()?.acts_for.is_some();
    let may = may_name(cx).await?;
    let why_not = if instead { t!("delegation-not-in-anothers-place") } else { t!("delegation-not-yours") };
    let (title, add) = (t!("delegation-title"), t!("delegation-new"));
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("delegation-about")) }
        @if may { (ui::link_button(Link::new(&add, "/account/delegations/new"), ButtonKind::Primary)) }
        @else { (ui::inset(html! { (why_not) })) }
        h2 .govuk-heading-m { (t!("delegation-given")) }
        @if given.is_empty() { p .govuk-body { (t!("delegation-given-none")) } }
        @else { (table(&visit, &t!("delegation-given"), &given, Shows::To).await?) }
        h2 .govuk-heading-m { (t!("delegation-had")) }
        @if has.is_empty() { p .govuk-body { (t!("delegation-had-none")) } }
        @else {
            (table(&visit, &t!("delegation-had"), &has, Shows::By).await?)
            @if has.iter().any(|held| held.state(&visit.core().clock) == State::Runs) {
                p .govuk-body { a .govuk-link href="/account/memberships" { (t!("delegation-switch")) } }
            }
        }
    };
    let body = html! {
        (body)
        @if !others.is_empty() {
            h2 .govuk-heading-m { (t!("delegation-all")) }
            (table(&visit, &t!("delegation-all"), &others.iter().collect::<Vec<_>>(), Shows::Both).await?)
        }
    };
    Ok(visit.page(&title).wide().crumb(&t!("nav-account"), "/account").body(&body))
}

/// Whether the visitor may name somebody: in a role of their own that decides.
async fn may_name(cx: &Cx) -> Result<bool> {
    let actor = cx.actor.signed_in()?;
    let Some(own) = store::own(cx, cx.db()).await?.into_iter().next() else { return Ok(false) };
    let thing = Delegation { id: Uuid::nil(), by: actor.account, to: Uuid::nil(), role: own.role };
    Ok(cx.may("delegation.make", &thing))
}

/// Whose names a table of delegations shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shows {
    /// Who decides.
    To,
    /// Who is away.
    By,
    /// Both.
    Both,
}

/// A state as a tag.
fn tag(state: State) -> Markup {
    let tone = match state {
        State::Planned => Tone::Blue,
        State::Runs => Tone::Green,
        State::Over | State::Ended => Tone::Grey,
    };
    ui::tag(&texts::t(&format!("delegation-{}", state.code())), tone)
}

async fn table(visit: &Visit, caption: &str, held: &[&Held], shows: Shows) -> Result<Markup> {
    let cx = &visit.cx;
    let names = people::names(cx, held.iter().flat_map(|one| [one.thing.by, one.thing.to])).await?;
    let name_of = |one: &Held| match shows {
        Shows::To => names.get(&one.thing.to).cloned(),
        Shows::By => names.get(&one.thing.by).cloned(),
        Shows::Both => people::who(&names, one.thing.to, Some(one.thing.by)),
    };
    let mut rows = Vec::new();
    for one in held {
        let state = one.state(&visit.core().clock);
        let name = name_of(one).unwrap_or_default();
        let reason = store::reason(cx, cx.db(), one).await?.unwrap_or_default();
        let end = if state.is_open() && cx.may("delegation.end", &one.thing) {
            let button = ui::named_button(&t!("delegation-end"), ButtonKind::Quiet, "end", "yes", Some(&name));
            form(visit, &format!("{PAGE}/{}/end", one.thing.id), Some(one.membership.version), button)?
        } else {
            html! {}
        };
        rows.push(ui::Row::new(vec![
            html! { (name) },
            html! { (act::role_name(cx, &one.membership).await?) },
            html! { (t!("delegation-days", from = day_text(one.days.0), until = day_text(one.days.1))) },
            html! { (reason) },
            html! { (tag(state)) " " (end) },
        ]));
    }
    let who = if shows == Shows::By { t!("delegation-by") } else { t!("delegation-to") };
    let heads = [who, t!("account-role"), t!("delegation-when"), t!("delegation-reason"), t!("account-state")];
    let columns: Vec<ui::Column<'_>> = heads.iter().map(|head| ui::Column::new(head)).collect();
    Ok(ui::table(&ui::Table { caption, caption_shown: false, columns: &columns, stack: true }, &rows))
}

/// Demands a recent sign-in first, so that nothing typed is lost to it.
pub(super) async fn new(visit: Visit) -> Answer {
    if !visit.cx.actor.fresh() {
        return Err(Error::SignInAgain);
    }
    draw(&visit, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn draw(visit: &Visit, typed: Typed<'_>) -> Answer {
    let cx = &visit.cx;
    if cx.actor.signed_in()?.acts_for.is_some() {
        return Err(Error::conflict("delegation-not-in-anothers-place"));
    }
    let own = store::own(cx, cx.db()).await?;
    if !may_name(cx).await? {
        return Err(Error::conflict("delegation-not-yours"));
    }
    let mut roles = Vec::new();
    for row in &own {
        roles.push((row.id.to_string(), act::role_name(cx, row).await?));
    }
    let roles: Vec<Choice> = roles.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let people: Vec<(String, String)> = act::candidates(cx).await?.into_iter().map(|one| (one.account.to_string(), one.name)).collect();
    let people: Vec<Choice> = people.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let labels = [t!("delegation-role"), t!("delegation-to"), t!("delegation-to-hint")];
    let wrong = ["membership", "to"].map(|name| typed.error(name));
    let field = Field::new("to", &labels[1]).hint(Some(&labels[2])).error(wrong[1].as_deref());
    let (title, words) = (t!("delegation-new"), |id: &str| texts::t(id));
    let inner = html! {
        @if let [one] = &roles[..] { (ui::hidden("membership", one.value)) p .govuk-body { (t!("delegation-role-one", role = one.label)) } }
        @else { (ui::radios(&words, &Field::new("membership", &labels[0]).error(wrong[0].as_deref()), &roles, typed.fields.some("membership"), false)) }
        @if people.len() > 8 { (ui::select(&words, &field, &people, typed.fields.some("to"), true)) }
        @else { (ui::radios(&words, &field, &people, typed.fields.some("to"), false)) }
        (typed.date("from", "delegation-from", None, false))
        (typed.date("until", "delegation-until", None, false))
        (typed.area("reason", "delegation-reason", 4))
        (ui::button(&t!("delegation-make"), ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("delegation-new-about")) }
        @if people.is_empty() { (ui::empty_state(&t!("delegation-nobody"), &t!("delegation-nobody-text"), None)) }
        @else { (form(visit, "/account/delegations/new", None, inner)?) }
    };
    let page = visit.page(&title).errors(typed.errors).crumb(&t!("nav-account"), "/account").crumb(&t!("delegation-title"), PAGE);
    Ok(page.body(&body))
}

pub(super) async fn make(post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let mut errors = FieldErrors::default();
    let (from, until) = (read_date(fields, "from", &mut errors), read_date(fields, "until", &mut errors));
    let mut chosen = |name: &'static str, id: &'static str| {
        let found = fields.get(name).parse().ok();
        if found.is_none() {
            errors.add(name, texts::Text::new(id));
        }
        found
    };
    let (membership, to) = (chosen("membership", "delegation-role-wrong"), chosen("to", "delegation-to-missing"));
    let done = match (errors.or(()), membership.zip(to), from.zip(until)) {
        (Ok(()), Some((membership, to)), Some((from, until))) => {
            let asked = Asking { membership, to, from, until, reason: fields.get("reason").to_owned() };
            act::make(&visit.cx, &asked).await
        }
        (Err(error), ..) => Err(error),
        _ => Err(Error::NotFound),
    };
    match done {
        Ok(_) => Ok(see_other(PAGE)),
        Err(Error::Invalid(errors)) => draw(visit, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

pub(super) async fn end(Path(id): Path<String>, post: Posted) -> Answer {
    act::end(&post.visit.cx, id_of(&id)?, post.fields.version()?).await?;
    Ok(see_other(PAGE))
}

/// For the start page: for whom the visitor decides now, and who decides for the visitor. Nothing where nobody does.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn now(cx: &Cx) -> Result<Markup> {
    let account = cx.actor.signed_in()?.account;
    if !cx.actor.is_authority() {
        return Ok(html! {});
    }
    let all = store::open(cx, cx.db(), account).await?;
    let running: Vec<&Held> = all.iter().filter(|held| held.state(&cx.core().clock) == State::Runs).collect();
    if running.is_empty() {
        return Ok(html! {});
    }
    let names = people::names(cx, running.iter().flat_map(|held| [held.thing.by, held.thing.to])).await?;
    let name = |id| names.get(&id).cloned().unwrap_or_default();
    Ok(ui::inset(html! {
        @for held in running {
            p .govuk-body {
                @if held.thing.to == account {
                    (t!("delegation-now-had", name = name(held.thing.by), until = day_text(held.days.1))) " "
                    @if cx.actor.membership() == Some(held.thing.id) { (t!("delegation-now-acting")) }
                    @else { a .govuk-link href="/account/memberships" { (t!("delegation-switch")) } }
                } @else {
                    (t!("delegation-now-given", name = name(held.thing.to), until = day_text(held.days.1))) " "
                    a .govuk-link href=(PAGE) { (t!("delegation-see")) }
                }
            }
        }
    }))
}
