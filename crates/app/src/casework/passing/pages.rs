//! The pages of whoever drafts the answers: the sections that were passed on and how each stands, passing more, and one link with all that can be
//! done to it.

use axum::extract::Path;
use maud::{Markup, html};
use platform::cases::{Words, people};
use platform::clock::Millis;
use platform::error::FieldErrors;
use platform::forms::passing::{self, Holder, Model, State};
use platform::notices::reading::{self, Delivery};
use platform::ui::{self, ButtonKind, Column, Fact, Row, Table, Tone};
use platform::web::{Access, Answer, Fields, Posted, Routes, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use rules::form::Form;
use std::collections::BTreeMap;
use uuid::Uuid;

use super::act;
use super::parts::{boxes, read, tag};
use super::{Passes, Stands, asked, delegating, reached, stands, titles};
use crate::casework::at;
use crate::casework::pages::{allowed, frame, page, viewed};
use crate::casework::typed::{Typed, form, id_of, optional_date, read_date};

/// The routes of these pages, and of those of whoever holds a link.
pub fn routes<P: Passes>() -> Routes {
    let under = |page: &str| format!("{}/{{id}}/passed{page}", P::PAGES);
    let held = |page: &str| format!("/asked{}/{{token}}{page}", P::PAGES);
    Routes::new()
        .get(under(""), Access::SignedIn, list::<P>)
        .post(under(""), Access::SignedIn, pass::<P>)
        .get(under("/{link}"), Access::SignedIn, one::<P>)
        .post(under("/{link}"), Access::SignedIn, change::<P>)
        .get(held(""), Access::Holder, asked::start::<P>)
        .get(held("/done"), Access::Holder, asked::done::<P>)
        .post(held("/done"), Access::Holder, asked::hand_back::<P>)
        .get(held("/pass-on"), Access::Holder, delegating::ask::<P>)
        .post(held("/pass-on"), Access::Holder, delegating::pass_on::<P>)
        .get(held("/{section}"), Access::Holder, asked::section::<P>)
        .post(held("/{section}"), Access::Holder, asked::save::<P>)
}

/// The address of the list, under a case.
pub fn list_path<P: Passes>(of: &P::Thing) -> String {
    at::<P>(P::case(of), "passed")
}

/// How many links of a case work at this moment: their holders answer still.
///
/// # Errors
/// When the database fails.
pub async fn waiting<P: Passes>(cx: &Cx, of: &P::Thing) -> Result<usize> {
    let case = P::case(of);
    let all = passing::of_case(cx.db(), case.id).await?;
    let written = P::writing(of).is_some();
    let open = |row: &&Model| stands(row, &passing::above(&all, row), (case, written), cx.now()) == Stands::Open;
    Ok(all.iter().filter(open).count())
}

/// A link as whoever asked sees it.
pub(super) struct Seen {
    pub(super) row: Model,
    pub(super) who: Holder,
    pub(super) remark: Option<String>,
    pub(super) by: String,
    pub(super) stands: Stands,
    /// Whether all links above it work.
    pub(super) reached: bool,
    pub(super) delivery: Delivery,
    pub(super) sections: Vec<String>,
}

/// The links of a case, first to last.
///
/// # Errors
/// When the database fails.
pub(super) async fn seen<P: Passes>(cx: &Cx, of: &P::Thing) -> Result<Vec<Seen>> {
    let case = P::case(of);
    let all = passing::of_case(cx.db(), case.id).await?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let pack = P::pack(cx, case)?;
    let form = P::form(&pack)?;
    let words = Words::reading(cx, cx.db(), case).await?;
    let holders = all.iter().map(|row| Ok((row.id, passing::holder(&words, row)?))).collect::<Result<BTreeMap<Uuid, Holder>>>()?;
    let names = people::names(cx, all.iter().filter_map(|row| row.made_by)).await?;
    let mails = all.iter().map(|row| (row.mail, row.mailed_at)).collect();
    let mailed = reading::mailed(cx.db(), &mails).await?;
    let written = P::writing(of).is_some();
    all.iter()
        .map(|row| {
            let account = row.made_by.and_then(|by| names.get(&by)).cloned();
            let above = row.above.and_then(|above| holders.get(&above)).map(|holder| holder.name.clone());
            Ok(Seen {
                who: holders.get(&row.id).cloned().ok_or(Error::NotFound)?,
                remark: passing::remark(&words, row)?,
                by: above.or(account).unwrap_or_else(|| t!("case-somebody")),
                stands: stands(row, &passing::above(&all, row), (case, written), cx.now()),
                reached: reached(&all, row, cx.now()),
                delivery: mailed.get(&row.mail).copied().unwrap_or(Delivery::Sending),
                sections: titles(form, row),
                row: row.clone(),
            })
        })
        .collect()
}

fn when(cx: &Cx, at: Millis) -> String {
    cx.core().clock.moment_text(at)
}

/// How far the mail with a link came, in words.
fn mail(cx: &Cx, delivery: Delivery) -> Markup {
    match delivery {
        Delivery::Sent(at) => html! { (t!("passing-mail-sent", at = when(cx, at))) },
        Delivery::Failed(at) => {
            html! { (ui::tag(&t!("passing-mail-failed-tag"), Tone::Red)) " " (t!("passing-mail-failed", at = when(cx, at))) }
        }
        Delivery::Sending | Delivery::Waits(_) | Delivery::Page => html! { (t!("passing-mail-sending")) },
    }
}

/// What its holder did with a link so far.
fn progress(cx: &Cx, row: &Model) -> Markup {
    let opened = match (row.opened_at, row.last_at) {
        (None, _) => t!("passing-not-opened"),
        (Some(first), Some(last)) if last != first => t!("passing-opened-again", first = when(cx, first), last = when(cx, last)),
        (Some(first), _) => t!("passing-opened", first = when(cx, first)),
    };
    html! {
        (opened)
        @if let Some(at) = row.started_at { br; (t!("passing-started", at = when(cx, at))) }
        @if let Some(at) = row.handed_at { br; (t!("passing-handed-back", at = when(cx, at))) }
        @if let Some(at) = row.ended_at {
            br;
            @if row.is(State::Revoked) { (t!("passing-revoked", at = when(cx, at))) } @else { (t!("passing-taken", at = when(cx, at))) }
        }
    }
}

async fn list<P: Passes>(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = allowed::<P>(&visit, &id, P::PASS.pass).await?;
    listing::<P>(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn listing<P: Passes>(visit: &Visit, of: &P::Thing, typed: Typed<'_>) -> Answer {
    let (cx, case) = (&visit.cx, P::case(of));
    let pack = P::pack(cx, case)?;
    let questions = P::form(&pack)?;
    let all = seen::<P>(cx, of).await?;
    let content = html! {
        h2 .govuk-heading-m { (t!("passing-title")) }
        p .govuk-body { (t!("passing-about")) }
        @if all.is_empty() { (ui::empty_state(&t!("passing-empty"), &t!("passing-empty-text"), None)) } @else { (table::<P>(cx, of, &all)) }
        h2 .govuk-heading-m { (t!("passing-new")) }
        (form(visit, &list_path::<P>(of), None, fields(cx, questions, typed))?)
    };
    Ok(page::<P>(visit, of, &t!("passing-title")).errors(typed.errors).body(&frame::<P>(visit, of, "passed", content).await?))
}

fn table<P: Passes>(cx: &Cx, of: &P::Thing, all: &[Seen]) -> Markup {
    let heads =
        ["passing-who", "passing-sections", "passing-mail-head", "passing-progress", "passing-until", "passing-state"].map(texts::t);
    let columns = heads.each_ref().map(|head| Column::new(head));
    let rows: Vec<Row> = all
        .iter()
        .map(|one| {
            Row::new(vec![
                html! {
                    a .govuk-link href=(at::<P>(P::case(of), &format!("passed/{}", one.row.id))) { (one.who.name) }
                    br; span .govuk-hint .vs-break { (one.who.email) }
                    @if one.row.above.is_some() { br; span .govuk-hint { (t!("passing-by", name = &one.by)) } }
                },
                html! { @for (n, title) in one.sections.iter().enumerate() { @if n > 0 { br; } (title) } },
                mail(cx, one.delivery),
                progress(cx, &one.row),
                html! { (cx.core().clock.day_text(one.row.until)) },
                tag(one.stands),
            ])
        })
        .collect();
    let caption = t!("passing-list");
    ui::table(&Table { caption: &caption, caption_shown: false, columns: &columns, stack: true }, &rows)
}

fn fields(cx: &Cx, questions: &Form, typed: Typed<'_>) -> Markup {
    let sections: Vec<(&str, &str)> = questions.sections.iter().map(|s| (s.id.as_str(), s.title.as_str())).collect();
    html! { (boxes(cx, &sections, act::latest(cx), typed)) (ui::button(&t!("passing-send"), ButtonKind::Primary)) }
}

async fn pass<P: Passes>(Path(id): Path<String>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = allowed::<P>(visit, &id, P::PASS.pass).await?;
    let done = match read(fields) {
        Ok(new) => act::pass::<P>(&visit.cx, P::case(&of).id, &new).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(see_other(&list_path::<P>(&of))),
        Err(Error::Invalid(errors)) => listing::<P>(visit, &of, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

async fn one<P: Passes>(visit: Visit, Path((id, link)): Path<(String, String)>) -> Answer {
    let of = allowed::<P>(&visit, &id, P::PASS.pass).await?;
    drawn::<P>(&visit, &of, id_of(&link)?, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn drawn<P: Passes>(visit: &Visit, of: &P::Thing, link: Uuid, typed: Typed<'_>) -> Answer {
    let cx = &visit.cx;
    let all = seen::<P>(cx, of).await?;
    let found = all.iter().find(|one| one.row.id == link).ok_or(Error::NotFound)?;
    let here = at::<P>(P::case(of), &format!("passed/{link}"));
    let heads = [
        "passing-email",
        "passing-sections",
        "passing-asked-by",
        "passing-mail-head",
        "passing-progress",
        "passing-until",
        "passing-remark-said",
    ]
    .map(texts::t);
    let mut facts = vec![
        Fact::new(&heads[0], html! { span .vs-break { (found.who.email) } }),
        Fact::new(&heads[1], html! { @for (n, title) in found.sections.iter().enumerate() { @if n > 0 { br; } (title) } }),
        Fact::text(&heads[2], &found.by),
        Fact::new(&heads[3], mail(cx, found.delivery)),
        Fact::new(&heads[4], progress(cx, &found.row)),
        Fact::text(&heads[5], &cx.core().clock.day_text(found.row.until)),
    ];
    if let Some(remark) = &found.remark {
        facts.push(Fact::text(&heads[6], remark));
    }
    let body = html! {
        h1 .govuk-heading-l { (found.who.name) " " (tag(found.stands)) }
        (ui::summary_list(&facts, true))
        @if found.stands == Stands::HandedIn { p .govuk-body { (t!("passing-over")) } } @else { (ways::<P>(visit, of, (found, &here), typed)?) }
    };
    let back = list_path::<P>(of);
    Ok(page::<P>(visit, of, &found.who.name).back(&t!("passing-back"), &back).errors(typed.errors).body(&body))
}

/// What can be done to a link, each a form with one button.
fn ways<P: Passes>(visit: &Visit, of: &P::Thing, (found, here): (&Seen, &str), typed: Typed<'_>) -> Result<Markup> {
    let (cx, row) = (&visit.cx, &found.row);
    let (open, back) = (row.is(State::Open), row.is(State::HandedBack));
    let may = |action| cx.may(action, of);
    let frame = |inner: Markup| form(visit, here, Some(row.version), inner);
    let button = |text: &str, kind, code: &str| ui::named_button(&texts::t(text), kind, "do", code, None);
    let answers = found.row.sections().next().map(|section| at::<P>(P::case(of), &format!("answers/{section}")));
    let day = cx.core().clock.date_of(row.until);
    Ok(html! {
        @if back && may(P::PASS.take) {
            h2 .govuk-heading-m { (t!("passing-take-title")) }
            p .govuk-body {
                (t!("passing-take-about"))
                @if let Some(href) = answers { " " a .govuk-link href=(href) { (t!("passing-read")) } }
            }
            (frame(button("passing-take", ButtonKind::Primary, "take"))?)
        }
        @if !found.reached && !row.is(State::Revoked) { p .govuk-body { (t!("passing-above-first")) } }
        @if found.reached && (back || row.is(State::Taken)) && may(P::PASS.ask_again) {
            h2 .govuk-heading-m { (t!("passing-again-title")) }
            (frame(html! {
                (typed.area("remark", "passing-lacking", 4))
                (typed.date("until", "passing-until-ask", Some(day.max(act::usual(cx))), false))
                (button("passing-again", ButtonKind::Secondary, "ask_again"))
            })?)
        }
        @if found.reached && open && may(P::PASS.extend) {
            h2 .govuk-heading-m { (t!("passing-extend-title")) }
            (frame(html! { (typed.date("until", "passing-until-ask", Some(day), false)) (button("passing-extend", ButtonKind::Secondary, "extend")) })?)
        }
        @if found.reached && open && may(P::PASS.resend) {
            h2 .govuk-heading-m { (t!("passing-resend-title")) }
            p .govuk-body { (t!("passing-resend-about")) }
            (frame(button("passing-resend", ButtonKind::Secondary, "resend"))?)
        }
        @if !row.is(State::Revoked) && may(P::PASS.revoke) {
            h2 .govuk-heading-m { (t!("passing-revoke-title")) }
            p .govuk-body { (t!("passing-revoke-about")) }
            (frame(button("passing-revoke", ButtonKind::Warning, "revoke"))?)
        }
    })
}

async fn change<P: Passes>(Path((id, link)): Path<(String, String)>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = viewed::<P>(visit, &id).await?;
    let (cx, case, link, version) = (&visit.cx, P::case(&of).id, id_of(&link)?, fields.version()?);
    let mut errors = FieldErrors::default();
    let done = match fields.get("do") {
        "resend" => act::resend::<P>(cx, case, link, version).await,
        "revoke" => act::revoke::<P>(cx, case, link, version).await,
        "take" => act::take::<P>(cx, case, link, version).await,
        "extend" => match read_date(fields, "until", &mut errors) {
            Some(until) => act::extend::<P>(cx, case, link, version, until).await,
            None => Err(Error::Invalid(errors)),
        },
        "ask_again" => {
            let until = optional_date(fields, "until", &mut errors);
            match errors.or(until) {
                Ok(until) => act::ask_again::<P>(cx, case, link, version, until, fields.get("remark")).await,
                Err(error) => Err(error),
            }
        }
        _ => Err(Error::bad_request("error-not-a-form")),
    };
    match done {
        Ok(()) => Ok(see_other(&at::<P>(P::case(&of), &format!("passed/{link}")))),
        Err(Error::Invalid(errors)) => {
            let of = allowed::<P>(visit, &id, P::PASS.pass).await?;
            drawn::<P>(visit, &of, link, Typed { fields, errors: &errors }).await
        }
        Err(other) => Err(other),
    }
}
