//! What whoever holds a link does: opens it, answers its sections, hands them back, passes them on. Nobody is signed in: the link itself acts.

use std::sync::Arc;

use platform::authz::Resource;
use platform::cases::{Case, Words, people, store as cases};
use platform::cx::{Cx, Entry};
use platform::forms::Choices;
use platform::forms::closed::{self, Closed};
use platform::forms::drafts::{self, Drafts, Outcome, Posting};
use platform::forms::passing::{self, Holder, Model, State};
use platform::identity::{self, throttle};
use platform::web::{Fields, Visit};
use platform::{Error, Result, mail, t};
use rules::form::{Form, Section};
use rules::pack::Pack;
use uuid::Uuid;

use super::{Asker, NewLink, checked, make, room, told};
use crate::casework::passing::{Passes, Stands, sections_of, stands, through};
use crate::casework::{self, notices};
use crate::party;

/// What stands behind a link.
pub struct Held<P: Passes> {
    /// The link as an actor, in this request.
    pub cx: Cx,
    /// The case; nothing of it but what the link opens is shown.
    pub of: P::Thing,
    /// The link.
    pub link: Model,
    /// How it stands.
    pub stands: Stands,
    /// Who holds it.
    pub holder: Holder,
    /// What whoever asked said with it.
    pub remark: Option<String>,
    /// The links that its holder passed on, with their names and how they stand.
    pub below: Vec<(Model, String, Stands)>,
    /// Who asked.
    asker: Asker,
    pack: Arc<Pack>,
}

/// What stands behind the link with this token, whether it works or not.
///
/// # Errors
/// [`Error::NotFound`] when there is none, [`Error::TooMany`] for whoever asks too often.
pub async fn open<P: Passes>(visit: &Visit, token: &str) -> Result<Held<P>> {
    let core = visit.core();
    let Some(link) = passing::find(visit.cx.db(), token).await?.filter(|link| link.kind == P::KIND.id) else {
        return Err(throttle::missed(&visit.cx, "section-link", &visit.address).await);
    };
    core.links.take(&link.id.to_string())?;
    let mut cx = visit.cx.clone();
    cx.actor = link.actor();
    let case = cases::get(cx.db(), P::KIND, link.case).await?;
    let of = P::load(cx.db(), vec![case]).await?.pop().ok_or(Error::NotFound)?;
    let all = passing::of_case(cx.db(), link.case).await?;
    let case = P::case(&of);
    let written = P::writing(&of).is_some();
    let standing = |row: &Model| stands(row, &passing::above(&all, row), (case, written), cx.now());
    let words = Words::reading(&cx, cx.db(), case).await?;
    let mut below = Vec::new();
    for row in all.iter().filter(|row| row.above == Some(link.id)) {
        below.push((row.clone(), passing::holder(&words, row)?.name, standing(row)));
    }
    let pack = P::pack(&cx, case)?;
    let (holder, remark, stands) = (passing::holder(&words, &link)?, passing::remark(&words, &link)?, standing(&link));
    let asker = asker(&cx, case, &words, &all, &link).await?;
    Ok(Held { cx, of, link, stands, holder, remark, below, asker, pack })
}

/// Who asked: an account, or the holder of the link above; and for which party.
async fn asker(cx: &Cx, case: &Case, words: &Words, all: &[Model], link: &Model) -> Result<Asker> {
    let party = party::store::names(cx.db(), [case.party]).await?.remove(&case.party).unwrap_or_default();
    let name = match (link.above.and_then(|id| all.iter().find(|row| row.id == id)), link.made_by) {
        (Some(above), _) => passing::holder(words, above)?.name,
        (None, Some(account)) => people::names(cx, [account]).await?.remove(&account).unwrap_or_default(),
        (None, None) => String::new(),
    };
    Ok(Asker { name, party })
}

impl<P: Passes> Held<P> {
    /// The case as policies see it through this link.
    pub fn thing(&self) -> Resource {
        through::<P>(&self.of, &self.link, self.stands)
    }

    /// The form.
    ///
    /// # Errors
    /// When its pack has none.
    pub fn form(&self) -> Result<&Form> {
        P::form(&self.pack)
    }

    /// The sections that it opens.
    ///
    /// # Errors
    /// As [`Held::form`].
    pub fn sections(&self) -> Result<Vec<&Section>> {
        Ok(sections_of(self.form()?, &self.link))
    }

    /// One of its sections.
    ///
    /// # Errors
    /// [`Error::NotFound`] for any other.
    pub fn section(&self, id: &str) -> Result<&Section> {
        self.sections()?.into_iter().find(|section| section.id == id).ok_or(Error::NotFound)
    }

    /// Who asked, by name.
    pub fn asked_by(&self) -> &str {
        &self.asker.name
    }

    /// The party that answers.
    pub fn party(&self) -> &str {
        &self.asker.party
    }

    /// The answers so far.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drafts(&self) -> Result<Drafts> {
        let case = P::case(&self.of);
        drafts::load(&self.cx, case.id, case.round).await
    }

    /// What keeps sealed answers closed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn closed(&self) -> Result<Closed> {
        Closed::of(&self.cx, self.link.case, self.link.id).await
    }

    /// What these sections offer from the registers: what whoever asked would be offered there, and nothing beyond the sections.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn choices(&self, kept: &Drafts) -> Result<Choices> {
        let case = P::case(&self.of);
        let all = passing::of_case(self.cx.db(), case.id).await?;
        let top = passing::above(&all, &self.link).last().map_or(self.link.made_by, |row| row.made_by);
        let mut cx = self.cx.clone();
        for account in top.into_iter().chain([case.made_by]).chain(case.owner) {
            let actors = identity::actors(self.cx.core(), self.cx.db(), account).await?;
            if let Some(actor) = actors.into_iter().find(|actor| self.cx.core().authz.may(actor, P::DRAFT, &self.of)) {
                cx.actor = actor;
                break;
            }
        }
        let choices = P::choices(&cx, case).await?;
        Ok(closed::narrowed(choices, &self.sections()?, &kept.answers))
    }
}

/// Saves a section as its holder typed it. A save that changed something leaves an entry that names the link.
///
/// # Errors
/// [`Error::NotFound`] for a section that the link does not open; a refusal when it works no more.
pub async fn save<P: Passes>(held: &Held<P>, section: &str, fields: &Fields, choices: &Choices) -> Result<Outcome> {
    let (cx, case) = (&held.cx, P::case(&held.of));
    held.section(section)?;
    let permit = cx.permit(P::PASS.answer, &held.thing())?;
    let posting = Posting { form: held.form()?, section, fields, choices };
    let outcome = drafts::save(cx, &permit, case.id, case.round, &posting).await?;
    if let Outcome::Saved(saved) = &outcome
        && saved.changed
    {
        let tx = cx.begin().await?;
        passing::started(&tx, held.link.id).await?;
        let entry = Entry::new(P::PASS.answer, P::KIND.id, case.id)
            .about("link", held.link.id)
            .about("section", section)
            .about("round", case.round)
            .about("version", saved.version);
        cx.commit(tx, permit, [entry]).await?;
    }
    Ok(outcome)
}

/// The link with its case and all others, held still, as it stands now; refused unless it works.
async fn locked<P: Passes>(
    held: &Held<P>,
    tx: &platform::Tx,
    action: &'static str,
) -> Result<(P::Thing, Vec<Model>, Model, platform::cx::Permit)> {
    let cx = &held.cx;
    let of = casework::lock::<P>(tx, held.link.case).await?;
    cx.refuse_twin(tx).await?;
    let all = passing::lock(tx, held.link.case).await?;
    let link = all.iter().find(|row| row.id == held.link.id).cloned().ok_or(Error::NotFound)?;
    let now = stands(&link, &passing::above(&all, &link), (P::case(&of), P::writing(&of).is_some()), tx.now());
    let permit = cx.permit(action, &through::<P>(&of, &link, now))?;
    Ok((of, all, link, permit))
}

/// Hands the sections back: whoever asked is told.
///
/// # Errors
/// A refusal when the link works no more.
pub async fn hand_back<P: Passes>(held: &Held<P>) -> Result<()> {
    let cx = &held.cx;
    let mut tx = cx.begin().await?;
    let (of, all, link, permit) = locked(held, &tx, P::PASS.hand_back).await?;
    let row = Model { state: State::HandedBack.code().to_owned(), handed_at: Some(tx.now()), ..link };
    passing::update(&tx, row.clone()).await?;
    match row.above.and_then(|id| all.iter().find(|other| other.id == id)) {
        None => notices::handed_back::<P>(&mut tx, &of, row.made_by)?,
        Some(above) => {
            let case = P::case(&of);
            let words = Words::writing(cx, &tx, case).await?;
            let to = passing::holder(&words, above)?;
            let subject = t!("passing-mail-back-subject", authority = &cx.core().settings.authority.name);
            let text = t!("passing-mail-back", name = &to.name, by = &held.holder.name, party = held.party());
            tx.job(mail::message(&to.email, &subject, &text).sealed_for(platform::cases::words::subject(case)));
        }
    }
    let entry = told::<P>(P::PASS.hand_back, &of, &row);
    cx.commit(tx, permit, [entry]).await
}

/// The last day that a link passed on may have.
pub fn latest<P: Passes>(held: &Held<P>) -> jiff::civil::Date {
    held.cx.core().clock.date_of(held.link.until).min(super::latest(&held.cx))
}

/// Passes sections on to somebody else, by a link below this one: no further than its sections, never beyond its last day.
///
/// # Errors
/// [`Error::Invalid`] for a name, address, section or day that cannot be; [`Error::Conflict`] when too many stand below; or a refusal.
pub async fn delegate<P: Passes>(held: &Held<P>, new: &NewLink) -> Result<Uuid> {
    let cx = &held.cx;
    let mut tx = cx.begin().await?;
    let (of, all, link, permit) = locked(held, &tx, P::PASS.delegate).await?;
    let offered: Vec<&str> = link.sections().collect();
    let new = checked(cx, new, &offered, latest(held))?;
    room(&all, Some(link.id), cx.now())?;
    let asker = Asker { name: held.holder.name.clone(), party: held.asker.party.clone() };
    let row = make::<P>(cx, &mut tx, (P::case(&of), held.form()?), new, (Some(link.id), None), &asker).await?;
    let entry = told::<P>(P::PASS.delegate, &of, &row);
    cx.commit(tx, permit, [entry]).await?;
    Ok(row.id)
}
