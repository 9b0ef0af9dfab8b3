//! The assessment: all factors with the matrix, one factor at a time, and recording it as a whole.

use std::collections::BTreeMap;

use axum::extract::Path;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::forms::review;
use platform::ui::{self, ButtonKind, Choice, Column, Field, Matrix, Plotted, Row, Table};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use rules::form::{FrozenAnswer, FrozenDocument};
use rules::pack::{Factor, Level, RiskMethod};
use rules::risk::{Judgement, Point};

use super::{Typed, allowed, at, documents, form, frame, kit, page, viewed};
use crate::casework::papers;
use crate::offshoring::Proposals;
use crate::offshoring::act;
use crate::offshoring::act::{method, path};
use crate::offshoring::assessed::{Assessed, Told};
use crate::offshoring::model::{PROPOSAL, Proposal};
use crate::offshoring::store::{self, Assessment, Judged};
use crate::paper::model::Kind;

pub(super) async fn overview(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = allowed(&visit, &id, "proposal.read_risk").await?;
    draw(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

/// The last assessment that there is.
async fn latest(visit: &Visit, of: &Proposal) -> Result<Option<Assessment>> {
    Ok(store::assessments(&visit.cx, visit.cx.db(), &of.case).await?.pop())
}

async fn draw(visit: &Visit, of: &Proposal, typed: Typed<'_>) -> Answer {
    let Some(row) = latest(visit, of).await? else {
        let content = ui::empty_state(&t!("proposal-risk-none"), &t!("proposal-risk-none-text"), None);
        return Ok(page(visit, of, &t!("proposal-tab-risk")).body(&frame(visit, of, "risk", content).await?));
    };
    let open = row.done_at.is_none() && of.case.stage == "assessing" && visit.cx.may("proposal.judge", of);
    let inner = html! {
        (typed.area("summary", "proposal-assess-summary", 4))
        (ui::button(&PROPOSAL.step_name("assess"), ButtonKind::Primary))
    };
    let widening = html! {
        (typed.area("reason", "proposal-widen-why", 3))
        (ui::hidden("widen", "yes"))
        (ui::button(&t!("proposal-widen"), ButtonKind::Secondary))
    };
    let content = html! {
        h2 .govuk-heading-m { (t!("proposal-tab-risk")) }
        (summary(visit, of, &row).await?)
        @if row.done_at.is_some() { (papers::button::<Proposals>(visit, of, Kind::Assessment, ButtonKind::Secondary)?) }
        @if open && visit.cx.may("proposal.assess", of) { (form(visit, &at(&of.case, "risk"), Some(of.case.version), inner)?) }
        @if open && visit.cx.may("proposal.widen", of) && row.path.starts_with("short") {
            (ui::details(&t!("proposal-widen-title"), form(visit, &at(&of.case, "risk"), Some(row.version), widening)?))
        }
    };
    Ok(page(visit, of, &t!("proposal-tab-risk")).errors(typed.errors).body(&frame(visit, of, "risk", content).await?))
}

/// The path and its reason, the factors with their ratings, the matrix.
pub(super) async fn summary(visit: &Visit, of: &Proposal, row: &Assessment) -> Result<Markup> {
    let told = Assessed::read(&visit.cx, of, row.clone()).await?;
    let open = row.done_at.is_none() && of.case.stage == "assessing" && visit.cx.may("proposal.judge", of);
    let words = ["proposal-factor", "proposal-before", "proposal-after", "proposal-controls", "proposal-why"].map(texts::t);
    let columns = words.each_ref().map(|w| Column::new(w));
    let none = || html! { (t!("proposal-not-judged")) };
    let drawn = |factor: &Told| {
        let name = html! {
            @if open { a .govuk-link href=(at(&of.case, &format!("risk/{}", factor.id))) { (factor.title) } } @else { (factor.title) }
        };
        Row::new(match &factor.judged {
            None => vec![name, none(), none(), none(), none()],
            Some(j) => vec![name, html! { (j.before) }, html! { (j.after) }, html! { (j.controls) }, html! { (j.why) }],
        })
    };
    let rows: Vec<Row> = told.factors.iter().map(drawn).collect();
    let done = told.factors.iter().filter(|factor| factor.judged.is_some()).count();
    let caption = t!("proposal-factors");
    let (title, source) = &told.path;
    Ok(html! {
        p .govuk-body { @if !row.path_reason.starts_with(title) { strong { (title) } ": " } (row.path_reason) " " (kit::source(source)) }
        @if let Some((before, after)) = told.rated() {
            p .govuk-body { (t!("proposal-rated", before = before, after = after)) }
        } @else { p .govuk-body { (t!("proposal-judged-count", done = done, all = told.factors.len())) } }
        @if let Some(by) = &told.by { p .govuk-body { (t!("proposal-assessed-by", name = by)) } }
        (ui::table(&Table { caption: &caption, caption_shown: true, columns: &columns, stack: true }, &rows))
        (matrix(told.method()?, &row.judged))
    })
}

/// The worst inherent and residual points on the method's matrix.
pub(super) fn matrix(method: &RiskMethod, judged: &BTreeMap<String, Judged>) -> Markup {
    let place = |level: u32| usize::try_from(level.saturating_sub(1)).unwrap_or(0);
    let likelihood: Vec<&str> = method.likelihood.iter().map(|l| l.title.as_str()).collect();
    let impact: Vec<&str> = method.impact.iter().map(|l| l.title.as_str()).collect();
    let ratings: Vec<&str> = method.ratings.iter().map(|r| r.title.as_str()).collect();
    let rank = |id: &String| method.ratings.iter().position(|r| r.id == *id).unwrap_or(0);
    let cells: Vec<Vec<usize>> = method.matrix.iter().map(|row| row.iter().map(rank).collect()).collect();
    let cells: Vec<&[usize]> = cells.iter().map(Vec::as_slice).collect();
    // How many factors fall into each cell, before and after controls: fourteen names would not fit.
    let mut counts: BTreeMap<(usize, usize, bool), usize> = BTreeMap::new();
    for j in judged.values() {
        for (p, after) in [(j.judgement.inherent, false), (j.judgement.residual, true)] {
            *counts.entry((place(p.likelihood), place(p.impact), after)).or_default() += 1;
        }
    }
    let texts: Vec<((usize, usize), String)> = counts
        .iter()
        .map(|((l, i, after), n)| {
            ((*l, *i), if *after { t!("proposal-mark-after", count = n) } else { t!("proposal-mark-before", count = n) })
        })
        .collect();
    let plotted: Vec<Plotted> = texts.iter().map(|((l, i), text)| Plotted { text, likelihood: *l, impact: *i }).collect();
    let caption = t!("proposal-matrix");
    let of = Matrix { caption: &caption, likelihood: &likelihood, impact: &impact, ratings: &ratings, cells: &cells };
    ui::risk_matrix(&|id| texts::t(id), &of, &plotted)
}

pub(super) async fn record(Path(id): Path<String>, post: Posted) -> Answer {
    let visit = &post.visit;
    let of = viewed(visit, &id).await?;
    let fields = &post.fields;
    let result = if fields.has("widen") {
        act::widen(&visit.cx, of.case.id, fields.version()?, fields.get("reason")).await
    } else {
        act::assess(&visit.cx, of.case.id, fields.version()?, fields.get("summary")).await
    };
    match result {
        Ok(()) => Ok(see_other(&at(&of.case, "risk"))),
        Err(Error::Invalid(errors)) => draw(visit, &of, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

pub(super) async fn factor(visit: Visit, Path((id, factor)): Path<(String, String)>) -> Answer {
    let of = allowed(&visit, &id, "proposal.judge").await?;
    let row = latest(&visit, &of).await?.ok_or(Error::NotFound)?;
    // What was judged before stands in the boxes.
    let fields = match row.judged.get(&factor).cloned() {
        None => Fields::default(),
        Some(j) => {
            let pair = |name: &str, value: String| (name.to_owned(), value);
            let mut pairs = vec![
                pair("inherent.likelihood", j.judgement.inherent.likelihood.to_string()),
                pair("inherent.impact", j.judgement.inherent.impact.to_string()),
                pair("residual.likelihood", j.judgement.residual.likelihood.to_string()),
                pair("residual.impact", j.judgement.residual.impact.to_string()),
                pair("other", j.judgement.other_controls.join("\n")),
                pair("why", j.why),
            ];
            pairs.extend(j.judgement.controls.into_iter().map(|c| pair("controls", c)));
            Fields::new(pairs)
        }
    };
    factor_page(&visit, &of, &row, &factor, Typed { fields: &fields, errors: &FieldErrors::default() }).await
}

async fn factor_page(visit: &Visit, of: &Proposal, row: &Assessment, id: &str, typed: Typed<'_>) -> Answer {
    let cx = &visit.cx;
    let pack = act::pack_of(cx, &of.case)?;
    let (answers, _) = act::handed_in(cx, cx.db(), &of.case).await?;
    let risk = method(&pack, &answers)?;
    let factor = risk.factors(path(&risk, &row.path)?).into_iter().find(|f| f.id == id).ok_or(Error::NotFound)?;
    let facts = documents::<crate::offshoring::Proposals>(&visit.cx, &of.case).await?.pop().map(|(_, document)| bearing(&document, factor));
    let scale = |name: &str, label: &'static str, levels: &[Level]| {
        let values: Vec<String> = levels.iter().map(|l| l.level.to_string()).collect();
        let choices: Vec<Choice> =
            levels.iter().zip(&values).map(|(l, v)| Choice { value: v, label: &l.title, hint: Some(&l.text) }).collect();
        let (text, error) = (texts::t(label), typed.error(name).or_else(|| typed.error(name.split('.').next().unwrap_or(name))));
        ui::radios(&|id| texts::t(id), &Field::new(name, &text).error(error.as_deref()), &choices, typed.fields.some(name), false)
    };
    let boxes: Vec<Choice> = pack
        .control_sets
        .iter()
        .flat_map(|set| set.controls.iter().map(move |c| Choice { value: &c.id, label: &c.title, hint: Some(&set.title) }))
        .collect();
    let chosen = typed.fields.all("controls");
    let (label, error) = (t!("proposal-judge-controls"), typed.error("controls"));
    let method = risk.method();
    let inner = html! {
        h2 .govuk-heading-m { (t!("proposal-before")) }
        (scale("inherent.likelihood", "proposal-likelihood", &method.likelihood))
        (scale("inherent.impact", "proposal-impact", &method.impact))
        h2 .govuk-heading-m { (t!("proposal-controls")) }
        (ui::details(&t!("proposal-judge-choose"), ui::checkboxes(&|id| texts::t(id), &Field::new("controls", &label).error(error.as_deref()), &boxes, &chosen)))
        @if let Some(error) = &error { p .govuk-error-message { (error) } }
        (typed.optional_area("other", "proposal-judge-other", 3))
        h2 .govuk-heading-m { (t!("proposal-after")) }
        (scale("residual.likelihood", "proposal-likelihood-after", &method.likelihood))
        (scale("residual.impact", "proposal-impact-after", &method.impact))
        (typed.area("why", "proposal-judge-reason", 4))
        (ui::button(&t!("proposal-judge-save"), ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (factor.title) }
        p .govuk-body-l { (factor.text) }
        @if let Some(facts) = facts.filter(|f| !f.sections.is_empty()) { (ui::details(&t!("proposal-judge-facts"), review::read(&facts))) }
        (form(visit, &at(&of.case, &format!("risk/{id}")), Some(row.version), inner)?)
    };
    Ok(visit
        .page(&factor.title)
        .active("/proposals")
        .back(&t!("proposal-back-to-risk"), &at(&of.case, "risk"))
        .errors(typed.errors)
        .body(&body))
}

/// The answers that bear on a factor.
fn bearing(document: &FrozenDocument, factor: &Factor) -> FrozenDocument {
    let keep = |answer: &FrozenAnswer| {
        if factor.asks.contains(&answer.id) && answer.entries.is_empty() {
            return Some(answer.clone());
        }
        let entries: Vec<Vec<FrozenAnswer>> = answer
            .entries
            .iter()
            .map(|entry| {
                entry.iter().filter(|inner| factor.asks.contains(&inner.id) || factor.asks.contains(&answer.id)).cloned().collect()
            })
            .collect();
        entries.iter().any(|e: &Vec<FrozenAnswer>| !e.is_empty()).then(|| FrozenAnswer { entries, ..answer.clone() })
    };
    let mut out = document.clone();
    for section in &mut out.sections {
        section.answers = section.answers.iter().filter_map(keep).collect();
    }
    out.sections.retain(|s| !s.answers.is_empty());
    out
}

pub(super) async fn judge(Path((id, factor)): Path<(String, String)>, post: Posted) -> Answer {
    let visit = &post.visit;
    let of = allowed(visit, &id, "proposal.judge").await?;
    let fields = &post.fields;
    let level = |name: &str| fields.get(name).parse().unwrap_or(0);
    let at_point = |name: &str| Point { likelihood: level(&format!("{name}.likelihood")), impact: level(&format!("{name}.impact")) };
    let judgement = Judgement {
        factor: factor.clone(),
        inherent: at_point("inherent"),
        residual: at_point("residual"),
        controls: fields.all("controls").into_iter().map(str::to_owned).collect(),
        other_controls: fields.get("other").lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect(),
    };
    match act::judge(&visit.cx, of.case.id, fields.version()?, judgement, fields.get("why")).await {
        Ok(()) => {
            let row = latest(visit, &of).await?.ok_or(Error::NotFound)?;
            let next = unjudged(visit, &of, &row, &factor).await?;
            Ok(see_other(&next.map_or_else(|| at(&of.case, "risk"), |f| at(&of.case, &format!("risk/{f}")))))
        }
        Err(Error::Invalid(errors)) => {
            let row = latest(visit, &of).await?.ok_or(Error::NotFound)?;
            factor_page(visit, &of, &row, &factor, Typed { fields, errors: &errors }).await
        }
        Err(other) => Err(other),
    }
}

/// The next factor after this one that is not judged yet.
async fn unjudged(visit: &Visit, of: &Proposal, row: &Assessment, after: &str) -> Result<Option<String>> {
    let cx = &visit.cx;
    let pack = act::pack_of(cx, &of.case)?;
    let (answers, _) = act::handed_in(cx, cx.db(), &of.case).await?;
    let risk = method(&pack, &answers)?;
    let judged = &row.judged;
    let factors = risk.factors(path(&risk, &row.path)?);
    Ok(factors.iter().skip_while(|f| f.id != after).find(|f| !judged.contains_key(&f.id)).map(|f| f.id.clone()))
}
