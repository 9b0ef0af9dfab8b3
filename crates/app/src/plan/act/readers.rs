//! Making a version known: people are asked by a link, reminded, and say that they have read it (SEC-8b, SEC-8e).

use std::collections::BTreeSet;

use platform::cases::words;
use platform::clock::DAY;
use platform::cx::{Cx, Entry, Reacting, Reaction, Tx};
use platform::identity::throttle;
use platform::jobs::Working;
use platform::texts::Text;
use platform::web::Visit;
use platform::{Error, Result, mail, t};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::account::model::is_email;
use crate::casework::act::{contract_first, moved};
use crate::plan::model::{Plan, Plans};
use crate::plan::store;
use crate::plan::store::readers::{self, Model};
use crate::{casework, party};

/// The most people of one version.
pub const MOST: usize = 2_000;
/// The longest name, in characters.
const LONGEST_NAME: usize = 200;
/// Who has not read it is reminded after so many days, by itself.
const EVERY: i64 = 7;
/// So many messages go to one person at most by themselves, the first among them.
const MESSAGES: i32 = 4;
/// Nobody is reminded by hand more often than once in so many days.
const BY_HAND: i64 = 1;

/// People as they are typed, one a line: `Robin Sayers, robin@halyard.example`.
///
/// # Errors
/// [`Error::Invalid`] with the first line that is none, or when there is none at all.
pub fn people(typed: &str) -> Result<Vec<(String, String)>> {
    let mut all = Vec::new();
    for (n, line) in typed.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty()) {
        let wrong = || Error::field("people", Text::new("plan-reader-line-wrong").with("line", n + 1));
        let split = line.rsplit_once([',', ';', '\t']).or_else(|| line.rsplit_once('<'));
        let (name, email) = split.ok_or_else(wrong)?;
        let (name, email) = (name.trim(), email.trim().trim_end_matches('>').trim());
        if name.is_empty() || name.chars().count() > LONGEST_NAME || !is_email(email) {
            return Err(wrong());
        }
        all.push((name.to_owned(), email.to_owned()));
    }
    if all.is_empty() {
        return Err(Error::field("people", Text::new("plan-reader-nobody")));
    }
    Ok(all)
}

/// Asks people to read the version in force, each by a link of their own; whoever was asked already is left out. How many were asked.
///
/// # Errors
/// [`Error::Invalid`] when they are too many; [`Error::Conflict`] for a version that is not the one to work by; or a refusal.
pub async fn ask(cx: &Cx, id: Uuid, people: &[(String, String)]) -> Result<usize> {
    let mut tx = cx.begin().await?;
    let of = held(cx, &tx, id).await?;
    cx.refuse_twin(&tx).await?;
    let permit = cx.permit("plan.ask_readers", &of)?;
    in_force(&of)?;
    let asked = readers::of(cx, tx.db(), &of.case).await?;
    let mut known: BTreeSet<String> = asked.iter().map(|reader| reader.email.to_lowercase()).collect();
    let new: Vec<_> = people.iter().filter(|(_, email)| known.insert(email.to_lowercase())).collect();
    if asked.len() + new.len() > MOST {
        return Err(Error::field("people", Text::new("plan-reader-most").with("most", MOST)));
    }
    if new.is_empty() {
        return Err(Error::field("people", Text::new("plan-reader-known")));
    }
    let letter = Letter::about(&tx, &of).await?;
    for (name, email) in &new {
        let token = readers::ask(cx, &tx, &of.case, (name, email)).await?;
        letter.write(cx, &mut tx, (name, email), &token);
    }
    let entry = moved::<Plans>("plan.ask_readers", &of, &of.case).about("people", new.len());
    cx.commit(tx, permit, [entry]).await?;
    Ok(new.len())
}

/// A version, locked.
async fn held(cx: &Cx, tx: &Tx, id: Uuid) -> Result<Plan> {
    contract_first::<Plans>(tx, id).await?;
    let of = casework::lock::<Plans>(tx, id).await?;
    cx.core().authz.check(&cx.actor, "plan.view", &of)?;
    Ok(of)
}

fn in_force(of: &Plan) -> Result<()> {
    if of.in_force() { Ok(()) } else { Err(Error::conflict("plan-reader-not-in-force")) }
}

/// What everybody is written who is to know a version.
struct Letter<'a> {
    of: &'a Plan,
    /// The name of whose plan it is.
    party: String,
}

impl<'a> Letter<'a> {
    async fn about(tx: &Tx, of: &'a Plan) -> Result<Self> {
        let party = party::store::names(tx.db(), [of.case.party]).await?.remove(&of.case.party).unwrap_or_default();
        Ok(Self { of, party })
    }

    /// The message with the link.
    fn write(&self, cx: &Cx, tx: &mut Tx, (name, email): (&str, &str), token: &str) {
        let (settings, of) = (&cx.core().settings, self.of);
        let number = of.number.unwrap_or(1);
        let link = format!("{}/plan-readers/{token}", settings.public_url.trim_end_matches('/'));
        let subject = t!("plan-reader-mail-subject", title = &of.case.title, number = number);
        let text =
            t!("plan-reader-mail", name = name, party = &self.party, authority = &settings.authority.name, number = number, link = link);
        tx.job(mail::message(email, &subject, &text).sealed_for(words::subject(&of.case)));
    }
}

/// Reminds whoever has not read the version in force, and was not written to today. How many.
///
/// # Errors
/// [`Error::Conflict`] when there is nobody to remind, or for a version that is not the one to work by; or a refusal.
pub async fn remind(cx: &Cx, id: Uuid) -> Result<usize> {
    let mut tx = cx.begin().await?;
    let of = held(cx, &tx, id).await?;
    cx.refuse_twin(&tx).await?;
    let permit = cx.permit("plan.ask_readers", &of)?;
    in_force(&of)?;
    let count = written_again(cx, &mut tx, &of, BY_HAND, i32::MAX).await?;
    if count == 0 {
        return Err(Error::conflict("plan-reader-none-to-remind"));
    }
    let entry = moved::<Plans>("plan.ask_readers", &of, &of.case).about("reminded", count);
    cx.commit(tx, permit, [entry]).await?;
    Ok(count)
}

/// Somebody is no longer to know the version: who left, or an address that was wrong. Their link opens nothing from now on, and no later version is sent to
/// them.
///
/// # Errors
/// [`Error::NotFound`] when there is no such reader; or a refusal.
pub async fn end(cx: &Cx, id: Uuid, reader: Uuid) -> Result<()> {
    let tx = cx.begin().await?;
    let of = held(cx, &tx, id).await?;
    let permit = cx.permit("plan.ask_readers", &of)?;
    if !readers::end(&tx, id, reader).await? {
        return Err(Error::NotFound);
    }
    let entry = moved::<Plans>("plan.ask_readers", &of, &of.case).about("ended", reader);
    cx.commit(tx, permit, [entry]).await
}

/// Writes to everybody again who has not read it, was written to so many days ago, and fewer than so often.
async fn written_again(cx: &Cx, tx: &mut Tx, of: &Plan, days: i64, most: i32) -> Result<usize> {
    let before = tx.now() - days * DAY;
    let all = readers::of(cx, tx.db(), &of.case).await?;
    let unread: Vec<_> =
        all.into_iter().filter(|one| one.row.read_at.is_none() && one.row.sent_at <= before && one.row.sent < most).collect();
    let letter = Letter::about(tx, of).await?;
    for reader in &unread {
        let token = readers::again(tx, reader.row.id).await?;
        letter.write(cx, tx, (&reader.name, &reader.email), &token);
    }
    Ok(unread.len())
}

/// Reminds people of versions in force by itself, each week while they have not read them.
pub fn remind_all<'a>(cx: &'a Cx, _id: Uuid, _payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let mut failed = None;
        for id in readers::unread(cx.db(), cx.now() - EVERY * DAY, MESSAGES).await? {
            // One that fails keeps no other waiting.
            if let Err(error) = remind_one(cx, id).await {
                failed = Some(error);
            }
        }
        failed.map_or(Ok(()), Err)
    })
}

async fn remind_one(cx: &Cx, id: Uuid) -> Result<()> {
    let mut tx = cx.begin().await?;
    let of = casework::lock::<Plans>(&tx, id).await?;
    if !of.in_force() {
        return Ok(());
    }
    let permit = cx.permit("plan.remind_readers", &of)?;
    let count = written_again(cx, &mut tx, &of, EVERY, MESSAGES).await?;
    if count == 0 {
        return Ok(());
    }
    let entry = moved::<Plans>("plan.remind_readers", &of, &of.case).about("reminded", count);
    cx.commit(tx, permit, [entry]).await
}

/// Whoever was to know the earlier version is asked to read the one that took its place. How many.
pub(super) async fn carried(cx: &Cx, tx: &mut Tx, earlier: &Plan, of: &Plan) -> Result<usize> {
    let people = readers::of(cx, tx.db(), &earlier.case).await?;
    let letter = Letter::about(tx, of).await?;
    for reader in &people {
        let token = readers::ask(cx, tx, &of.case, (&reader.name, &reader.email)).await?;
        letter.write(cx, tx, (&reader.name, &reader.email), &token);
    }
    Ok(people.len())
}

/// What stands behind a link: the version, and who was asked, as the holder in this request.
pub struct Held {
    /// The link as an actor.
    pub cx: Cx,
    /// The version.
    pub of: Plan,
    /// Who was asked.
    pub reader: Model,
}

/// What stands behind the link with this token.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::TooMany`] for whoever asks too often.
pub async fn open(visit: &Visit, token: &str) -> Result<Held> {
    let core = visit.core();
    let Some(reader) = readers::find(visit.cx.db(), token).await? else {
        return Err(throttle::missed(&visit.cx, "plan-reader", &visit.address).await);
    };
    core.links.take(&reader.id.to_string())?;
    let mut cx = visit.cx.clone();
    cx.actor = reader.actor();
    let of = store::get(cx.db(), reader.plan).await?;
    Ok(Held { cx, of, reader })
}

/// The holder has read the version, and knows their part in it.
///
/// # Errors
/// A refusal, once another version took its place.
pub async fn acknowledge(held: &Held) -> Result<()> {
    let cx = &held.cx;
    let tx = cx.begin().await?;
    let of = casework::lock::<Plans>(&tx, held.of.case.id).await?;
    let permit = cx.permit("plan.acknowledge", &of.through(held.reader.id))?;
    if !readers::read(&tx, held.reader.id).await? {
        return Ok(());
    }
    let entry = Entry::on("plan.acknowledge", &of).about("link", held.reader.id).about("number", of.number.unwrap_or(1));
    cx.commit(tx, permit, [entry.body(json!({}))]).await
}

/// After a restore all links are called back: some may have been used since the backup was made.
pub fn reactions() -> Vec<Reaction> {
    platform::backup::RESTORED.map(|on| Reaction { on, run: |_, tx, _| -> Reacting<'_> { Box::pin(restored(tx)) } }).into()
}

async fn restored(tx: &Tx) -> Result<Vec<Entry>> {
    readers::revoke_all(tx).await?;
    Ok(Vec::new())
}
