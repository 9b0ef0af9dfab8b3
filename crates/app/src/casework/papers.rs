//! Papers about a case: what one says is its kind's; how it is made, offered on pages and asked for by programs is the same for all.

use std::future::Future;

use axum::extract::Path;
use maud::{Markup, html};
use papers::Block;
use platform::api::{Api, Area, Call, Op, object};
use platform::cases::Case;
use platform::cases::api::{viewed, whole};
use platform::ui::{self, ButtonKind};
use platform::web::{Access, Answer, Posted, Routes, Visit, see_other};
use platform::{Cx, Error, Result, book, t, texts};
use rules::form::FrozenDocument;
use serde::Deserialize;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use uuid::Uuid;

use super::pages::allowed;
use super::typed::form;
use super::{Process, at};
use crate::paper;
use crate::paper::api::{Paper, papers_of};
use crate::paper::model::{Draft, Kind};
use crate::{contract, party};

/// A kind of case about which papers are made. Both sides have them, so none says more than both may read, unless its kind asks for more.
pub trait Papers: Process {
    /// The action that permits the making of one, and records it.
    const PAPER: &'static str;
    /// The kinds of paper that there are.
    const PAPERS: &'static [Kind];

    /// What a paper of one of these kinds says.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is nothing to tell of yet; [`Error::Conflict`] once what it tells of was destroyed.
    fn says(cx: &Cx, of: &Self::Thing, kind: Kind) -> impl Future<Output = Result<Says>> + Send;
}

/// What a paper says, and what it bears witness to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Says {
    /// Its title.
    pub title: String,
    /// What it says.
    pub blocks: Vec<Block>,
    /// The actions to the last of whose entries it bears witness.
    pub witness: Vec<&'static str>,
}

/// Makes a paper of this kind about a case; its id. The same again gives the same paper.
///
/// # Errors
/// [`Error::NotFound`] of another kind of paper; as [`Papers::says`]; or a refusal.
pub async fn make<P: Papers>(cx: &Cx, of: &P::Thing, kind: Kind) -> Result<Uuid> {
    paper::act::make(cx, P::PAPER, of, draft::<P>(cx, of, kind).await?).await
}

/// What such a paper says, before it is set in type.
///
/// # Errors
/// As [`make`], but for the refusal.
pub async fn draft<P: Papers>(cx: &Cx, of: &P::Thing, kind: Kind) -> Result<Draft> {
    if !P::PAPERS.contains(&kind) {
        return Err(Error::NotFound);
    }
    let case = P::case(of);
    let Says { title, blocks, witness } = P::says(cx, of, kind).await?;
    let index = book::last_index(cx.db(), P::KIND.id, &case.id.to_string(), &witness).await?.ok_or(Error::NotFound)?;
    Ok(Draft {
        kind,
        title,
        reference: case.reference.clone().unwrap_or_default(),
        edition: format!("{} {}", case.pack, case.edition),
        marking: P::marking(cx, case),
        ledger_index: index,
        blocks,
    })
}

/// A document as the blocks of a paper, with its digest.
pub fn document_blocks(document: &FrozenDocument, digest: &str) -> Vec<Block> {
    let sections = platform::forms::review::texts(document);
    let mut blocks: Vec<Block> =
        sections.into_iter().flat_map(|(title, answers)| [Block::Heading { level: 1, text: title }, Block::Facts(answers)]).collect();
    blocks.push(Block::Paragraph(t!("answering-digest", digest = digest)));
    blocks
}

/// The route by which a page has one made.
pub fn routes<P: Papers>() -> Routes {
    Routes::new().post(format!("{}/{{id}}/papers", P::PAGES), Access::SignedIn, make_asked::<P>)
}

/// Makes a paper, and leads to it.
async fn make_asked<P: Papers>(Path(id): Path<String>, post: Posted) -> Answer {
    let of = allowed::<P>(&post.visit, &id, P::PAPER).await?;
    let kind = Kind::from_code(post.fields.get("kind")).ok_or(Error::NotFound)?;
    let made = make::<P>(&post.visit.cx, &of, kind).await?;
    Ok(see_other(&at::<P>(P::case(&of), &format!("papers/{made}"))))
}

/// The button that makes a paper of this kind, for whoever may have it.
///
/// # Errors
/// When the form cannot be drawn.
pub fn button<P: Papers>(visit: &Visit, of: &P::Thing, kind: Kind, weight: ButtonKind) -> Result<Markup> {
    if !visit.cx.may(P::PAPER, of) {
        return Ok(html! {});
    }
    let text = texts::t(&format!("papers-make-{}", kind.code()));
    let inner = html! { (ui::hidden("kind", kind.code())) (ui::button(&text, weight)) };
    form(visit, &at::<P>(P::case(of), "papers"), None, inner)
}

/// The buttons that make these kinds of paper, and the papers that were made.
///
/// # Errors
/// When the database fails.
pub async fn list<P: Papers>(visit: &Visit, of: &P::Thing, kinds: &[Kind]) -> Result<Markup> {
    let buttons = kinds.iter().map(|kind| button::<P>(visit, of, *kind, ButtonKind::Secondary)).collect::<Result<Vec<_>>>()?;
    Ok(html! {
        (ui::button_group(html! { @for button in &buttons { (button) } }))
        (paper::list(&visit.cx, of, &at::<P>(P::case(of), "papers")).await?)
    })
}

/// Which paper to make.
#[derive(Deserialize)]
struct MakingPaper {
    kind: String,
}

/// The route by which a program has one made.
pub fn api<P: Papers>() -> Api {
    let op = Op::post(format!("{}.make_paper", P::ID), format!("{}/{{id}}/papers", P::PATH), Area::Cases);
    let asked = || {
        let kind = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(P::PAPERS.iter().map(|kind| kind.code())));
        let kind = kind.description(Some(texts::t("papers-fact-kind"))).build().into();
        object([("kind".to_owned(), kind, true)], true)
    };
    Api::new().add(op.takes_schema(&format!("MakingPaper_{}", P::ID), asked).all_of::<Paper>().makes(), make_called::<P>)
}

async fn make_called<P: Papers>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    call.cx.permit(P::PAPER, &of)?;
    let kind = Kind::from_code(&call.body::<MakingPaper>()?.kind).ok_or(Error::NotFound)?;
    let made = make::<P>(&call.cx, &of, kind).await?;
    let all = papers_of(&call.cx, &of).await?;
    call.made(&format!("{}/{}/papers/{made}", P::PATH, P::case(&of).id), &whole(all), None)
}

/// What is known of a case that its papers begin with: whose it is, and under which contract.
///
/// # Errors
/// When the database fails.
pub async fn whose(cx: &Cx, case: &Case) -> Result<Vec<(String, String)>> {
    let names = party::store::names(cx.db(), [case.party]).await?;
    let titles = contract::store::titles(cx.db(), case.contract).await?;
    let mut facts: Vec<(String, String)> = names.into_values().map(|name| (t!("case-supplier"), name)).collect();
    facts.extend(titles.into_values().map(|title| (t!("case-contract"), title)));
    Ok(facts)
}
