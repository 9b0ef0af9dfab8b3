//! Taking a form out and bringing it back.

use platform::cases::store as cases;
use platform::cx::{Cx, Entry};
use platform::forms::drafts::{self, Drafts, Outcome, Posting};
use platform::forms::workbook::{self, Brought};
use platform::texts::Text;
use platform::web::Fields;
use platform::{Error, Result};
use uuid::Uuid;

use super::{Sheeted, origin};

/// A workbook to be given.
pub struct Taken {
    /// The file's name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Takes the form of a case out, with the answers so far but those that are sealed. That it was taken is in the ledger before a byte is given.
///
/// # Errors
/// [`Error::NotFound`] or a refusal; when the database fails.
pub async fn take<P: Sheeted>(cx: &Cx, id: Uuid) -> Result<Taken> {
    let of = P::load(cx.db(), vec![cases::get(cx.db(), P::KIND, id).await?]).await?.pop().ok_or(Error::NotFound)?;
    cx.permit(P::TAKE_FORM, &of)?;
    let case = P::case(&of);
    let pack = P::pack(cx, case)?;
    let form = P::form(&pack)?;
    let kept = drafts::load(cx, case.id, case.round).await?;
    let choices = P::choices(cx, case).await?;
    let bytes = workbook::write(&origin::<P>(&of), form, &kept.answers, &choices)?;
    let name = format!("{}-{}.xlsx", case.reference.clone().unwrap_or_else(|| form.form.clone()), cx.core().clock.today());
    let tx = cx.begin().await?;
    let of = P::load(tx.db(), vec![cases::lock(&tx, P::KIND, id).await?]).await?.pop().ok_or(Error::NotFound)?;
    let permit = cx.permit(P::TAKE_FORM, &of)?;
    let entry = Entry::on(P::TAKE_FORM, &of).about("round", P::case(&of).round).about("sealed", "left-out");
    cx.commit(tx, permit, [entry]).await?;
    Ok(Taken { name, bytes })
}

/// What a workbook would do to a case's answers, and the answers that it was held against. Nothing is saved.
///
/// # Errors
/// [`Error::Invalid`] at `file` when it is not this case's form; a refusal.
pub async fn read<P: Sheeted>(cx: &Cx, of: &P::Thing, bytes: Vec<u8>) -> Result<(Brought, Drafts)> {
    cx.permit(P::DRAFT, of)?;
    let case = P::case(of);
    let pack = P::pack(cx, case)?;
    let form = P::form(&pack)?;
    let book = workbook::open(bytes).await?;
    let kept = drafts::load(cx, case.id, case.round).await?;
    let choices = P::choices(cx, case).await?;
    Ok((workbook::compare(&origin::<P>(of), form, &book, &kept.answers, &choices)?, kept))
}

/// What a section shall say, against the version that was read.
pub struct Section {
    /// Its id.
    pub id: String,
    /// The version.
    pub version: i32,
    /// The fields, as its page would post them.
    pub fields: Vec<(String, String)>,
}

/// Saves what a workbook says as the pages of its sections would, all sections or none.
///
/// # Errors
/// [`Error::Conflict`] when somebody else saved one of the sections meanwhile: nothing is saved then; a refusal.
pub async fn save<P: Sheeted>(cx: &Cx, of: &P::Thing, sections: Vec<Section>) -> Result<usize> {
    let permit = cx.permit(P::DRAFT, of)?;
    let case = P::case(of);
    let pack = P::pack(cx, case)?;
    let form = P::form(&pack)?;
    let choices = P::choices(cx, case).await?;
    let posted: Vec<(String, Fields)> = sections
        .into_iter()
        .map(|section| {
            let version = ("version".to_owned(), section.version.to_string());
            (section.id, Fields::new(std::iter::once(version).chain(section.fields).collect()))
        })
        .collect();
    let postings: Vec<Posting<'_>> = posted.iter().map(|(section, fields)| Posting { form, section, fields, choices: &choices }).collect();
    let outcomes = drafts::save_all(cx, &permit, case.id, case.round, &postings).await?;
    for (outcome, (section, _)) in outcomes.iter().zip(&posted) {
        if matches!(outcome, Outcome::Clash(_)) {
            let title = form.section(section).map_or(section.as_str(), |section| &section.title);
            return Err(Error::Conflict(Text::new("workbook-stale").with("section", title)));
        }
    }
    Ok(outcomes.len())
}
