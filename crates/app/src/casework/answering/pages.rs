//! The pages on which a form is answered, and what was answered is read.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use maud::{Markup, html};
use platform::cases::people;
use platform::cases::rounds::Submission;
use platform::error::FieldErrors;
use platform::forms::drafts;
use platform::forms::reveal::Sealing;
use platform::forms::{self, Sheet, passing, review, uploads};
use platform::ui::{self, ButtonKind, Link};
use platform::web::{Access, Answer, Fields, Posted, Routes, Streamed, Visit, see_other};
use platform::{Error, Result, t};
use rules::form::{Answers, FrozenDocument, SectionStatus};

use super::{Answered, documents};
use crate::casework::pages::{allowed, frame, marked, page, viewed};
use crate::casework::typed::id_of;
use crate::casework::{act, at};

/// The answers that were handed in last, with the sealed one at `shown` open, when they were and the way to what changed; nothing without any.
///
/// # Errors
/// Never, as long as the catalogue has its texts.
pub fn last<P: Answered>(visit: &Visit, of: &P::Thing, rounds: &[(Submission, FrozenDocument)], shown: Option<&str>) -> Result<Markup> {
    let Some((submission, document)) = rounds.last() else { return Ok(html! {}) };
    let action = at::<P>(P::case(of), "reveal");
    let action = visit.cx.may(P::ACTS.reveal, of).then_some(action.as_str());
    Ok(html! {
        h2 .govuk-heading-l { (t!("answering-answers")) }
        p .govuk-body {
            (t!("answering-answers-of", round = submission.round, date = visit.core().clock.moment_text(submission.at)))
            @if rounds.len() > 1 { " " a .govuk-link href=(at::<P>(P::case(of), "changes")) { (t!("answering-see-changes")) } }
        }
        (review::revealing(document, &Sealing { action, csrf: &visit.csrf, shown }))
        p .govuk-hint { (t!("answering-digest", digest = &submission.digest)) }
    })
}

/// The last two rounds side by side (OFF-11).
async fn changes<P: Answered>(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed::<P>(&visit, &id).await?;
    let rounds = documents::<P>(&visit.cx, P::case(&of)).await?;
    let [.., (before, old), (after, new)] = rounds.as_slice() else { return Err(Error::NotFound) };
    let titles = (t!("answering-round", round = before.round), t!("answering-round", round = after.round));
    let content = html! {
        h2 .govuk-heading-m { (t!("answering-changes")) }
        (review::compare(old, new, (&titles.0, &titles.1), true))
    };
    Ok(page::<P>(&visit, &of, &t!("answering-changes")).body(&frame::<P>(&visit, &of, "", content).await?))
}

/// Whoever comes to the form's address by itself is led to where it stands.
async fn back<P: Answered>(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed::<P>(&visit, &id).await?;
    Ok(see_other(&at::<P>(P::case(&of), "")))
}

/// Records that a sealed answer is asked for, then draws the overview with it.
async fn reveal<P: Answered>(Path(id): Path<String>, post: Posted) -> Answer {
    let path = post.fields.get(forms::reveal::FIELD);
    act::reveal::<P>(&post.visit.cx, id_of(&id)?, path).await?;
    P::overview(&post.visit, &id, Some(path)).await
}

/// The routes of these pages, and of what was answered; `check`, to which they lead, is the kind's own.
pub fn routes<P: Answered>() -> Routes {
    let under = |page: &str| format!("{}/{{id}}/{page}", P::PAGES);
    Routes::new()
        .get(under("answers"), Access::SignedIn, list::<P>)
        .get(under("answers/{section}"), Access::SignedIn, section::<P>)
        .post(under("answers/{section}"), Access::SignedIn, save::<P>)
        .get(under("changes"), Access::SignedIn, changes::<P>)
        .get(under("reveal"), Access::SignedIn, back::<P>)
        .post(under("reveal"), Access::SignedIn, reveal::<P>)
}

/// The sections with their status.
async fn list<P: Answered>(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = allowed::<P>(&visit, &id, P::DRAFT).await?;
    let (cx, case) = (&visit.cx, P::case(&of));
    let pack = P::pack(cx, case)?;
    let form = P::form(&pack)?;
    let kept = drafts::load(cx, case.id, case.round).await?;
    let choices = P::choices(cx, case).await?;
    let (ready, asked) = review::done(form, &kept, &choices);
    let check = at::<P>(case, "check");
    let kind = if ready == asked { ButtonKind::Primary } else { ButtonKind::Secondary };
    let body = html! {
        h1 .govuk-heading-l { (case.title) }
        p .govuk-body { (t!("answering-sections-done", done = ready, all = asked)) }
        (marked::<P>(&visit, case))
        (P::over_list(&visit, &of, form, &kept).await?)
        (review::tasks(form, &kept, &choices, &|section| at::<P>(case, &format!("answers/{section}"))))
        p .govuk-body { (t!("answering-saved-as-you-go")) }
        (P::under_list(&visit, &of))
        (ui::link_button(Link::new(&t!("answering-check"), &check), kind))
        (P::last_of_list(&visit, &of))
    };
    Ok(page::<P>(&visit, &of, &t!("answering-answers")).body(&body))
}

async fn section<P: Answered>(visit: Visit, Path((id, section)): Path<(String, String)>, RawQuery(query): RawQuery) -> Answer {
    let of = allowed::<P>(&visit, &id, P::DRAFT).await?;
    let case = P::case(&of);
    let kept = drafts::load(&visit.cx, case.id, case.round).await?;
    let query = Fields::read(query.unwrap_or_default().as_bytes())?;
    let version = kept.version(&section);
    let shown = Shown { answers: &kept.answers, version, entries: query.some("entries"), carried: kept.carried.contains(&section) };
    draw::<P>(&visit, &of, &section, shown, &FieldErrors::default()).await
}

/// A section as it is drawn.
struct Shown<'a> {
    answers: &'a Answers,
    version: i32,
    entries: Option<&'a str>,
    /// Whether its answers were carried forward and wait to be confirmed.
    carried: bool,
}

async fn draw<P: Answered>(visit: &Visit, of: &P::Thing, section: &str, shown: Shown<'_>, errors: &FieldErrors) -> Answer {
    let Shown { answers, version, entries, carried } = shown;
    let (cx, case) = (&visit.cx, P::case(of));
    let pack = P::pack(cx, case)?;
    let form = P::form(&pack)?;
    let title = &form.section(section).ok_or(Error::NotFound)?.title;
    let choices = P::choices(cx, case).await?;
    let sheet = Sheet::new(form, answers, &choices).errors(errors).entries(entries);
    let buttons = html! {
        (ui::button_group(html! {
            (ui::button(&t!("answering-save"), ButtonKind::Primary))
            (ui::named_button(&t!("answering-save-list"), ButtonKind::Secondary, "then", "list", None))
        }))
    };
    let action = at::<P>(case, &format!("answers/{section}"));
    let body = html! {
        h1 .govuk-heading-l { (title) }
        (marked::<P>(visit, case))
        (P::over_section(visit, of, form, section, carried).await?)
        (crate::pack::pages::guidance(pack.guidance_of_section(&form.form, section)))
        (sheet.form(visit, section, &action, version, Some(buttons))?)
        (sheet.lists())
    };
    let back = at::<P>(case, "answers");
    Ok(visit.page(title).active(P::PAGES).back(&t!("answering-back-to-list"), &back).errors(errors).body(&body))
}

/// Saves a section. What is wrong is kept as typed and said; what is merely missing waits for the check.
async fn save<P: Answered>(Path((id, section)): Path<(String, String)>, streamed: Streamed) -> Answer {
    let Streamed { visit, upload } = streamed;
    let visit = &visit;
    let of = viewed::<P>(visit, &id).await?;
    let (cx, case) = (&visit.cx, P::case(&of));
    let permit = cx.permit(P::DRAFT, &of)?;
    let pack = P::pack(cx, case)?;
    let form = P::form(&pack)?;
    let here = at::<P>(case, &format!("answers/{section}"));
    let asked = form.section(&section).ok_or(Error::NotFound)?;
    let before = P::choices(cx, case).await?;
    let (fields, of_files) = uploads::take(visit, (P::KIND.id, &case.id.to_string()), asked, &before, upload, &here).await?;
    let choices = P::choices(cx, case).await?;
    let posting = drafts::Posting { form, section: &section, fields: &fields, choices: &choices };
    match drafts::save(cx, &permit, case.id, case.round, &posting).await? {
        drafts::Outcome::Clash(clash) if visit.json => Err(clash.error()),
        drafts::Outcome::Clash(clash) => {
            let names = people::names(cx, clash.stamp.by).await?;
            let links = passing::names(cx, case).await?;
            let who = clash.stamp.by.and_then(|by| names.get(&by).or_else(|| links.get(&by))).map(String::as_str);
            let body = clash.page(visit, form, &section, &choices, &here, who)?;
            Ok(visit.page(&t!("answering-clash-title")).active(P::PAGES).status(StatusCode::CONFLICT).body(&body))
        }
        drafts::Outcome::Saved(saved) if visit.json => Ok(saved.with_files(&of_files).json()),
        drafts::Outcome::Saved(saved) => {
            // A file that was refused is told of first: on the next page nobody would know.
            if let Some(entry) = saved.at_entry(&here).filter(|_| of_files.is_empty()) {
                return Ok(see_other(&entry));
            }
            let saved = saved.with_files(&of_files);
            if !saved.errors.is_empty() {
                let entries = saved.entries.map(|(group, count)| format!("{group}.{count}"));
                let shown = Shown { answers: &saved.answers, version: saved.version, entries: entries.as_deref(), carried: false };
                return draw::<P>(visit, &of, &section, shown, &saved.errors).await;
            }
            if fields.get("then") == "list" {
                return Ok(see_other(&at::<P>(case, "answers")));
            }
            let progress = form.progress(&saved.answers, &choices);
            let next =
                progress.iter().skip_while(|p| p.section != section).skip(1).find(|p| {
                    p.status != SectionStatus::NotNeeded && (p.status != SectionStatus::Done || saved.carried.contains(&p.section))
                });
            let to = next.map_or_else(|| at::<P>(case, "answers"), |p| at::<P>(case, &format!("answers/{}", p.section)));
            Ok(see_other(&to))
        }
    }
}
