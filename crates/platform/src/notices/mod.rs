//! Notices: the one way in which people are told of what concerns them. Each is kept, so that they find it on their page, and goes out by mail
//! as its reader chose: at once, once a day with others, or not at all. What lets somebody in, or warns of something done to their account, is
//! no notice: it goes out by [`crate::mail`] whatever anybody chose.
//!
//! Subject and text are sealed with the reader's key. A notice carries a key of what it tells, so that nobody is told twice however often the
//! work behind it is done.

pub mod choice;
mod digest;
pub mod reading;
pub(crate) mod rows;

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, ConnectionTrait, QuerySelect as _};
use serde_json::json;
use uuid::Uuid;

use crate::cases::people::Recipient;
use crate::clock::Millis;
use crate::cx::{Cx, House};
use crate::error::Result;
use crate::identity;
use crate::jobs::Job;
use crate::seal::{self, Key, Place};
use crate::{mail, random, t};

pub use choice::{How, Sort};
pub use digest::{JOB, gather};
use rows::notice;

/// The table, in the place of what is sealed.
const TABLE: &str = "notice";

/// Something that somebody is told.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Who.
    pub to: Recipient,
    /// What kind of telling it is: what its reader chooses by.
    pub sort: Sort,
    /// What it tells, so that it is told once.
    pub key: String,
    /// The thing that it is about: kind and id.
    pub about: (&'static str, Uuid),
    /// One line. Mail travels in the open: it says that something happened, never what was written.
    pub subject: String,
    /// What happened and what is next.
    pub text: String,
    /// The page where it is read on.
    pub path: String,
    /// Whether a person gets at most one mail a day of these, gathered.
    pub gathered: bool,
}

/// Tells people, in housekeeping of its own, and has the mail go out at once.
///
/// # Errors
/// When the database fails.
pub async fn send_now(cx: &Cx, notices: Vec<Notice>) -> Result<()> {
    if notices.is_empty() {
        return Ok(());
    }
    let mut house = cx.housekeep().await?;
    send(cx, &mut house, notices).await?;
    house.done().await?;
    cx.core().wake.notify_one();
    Ok(())
}

/// Of very many notices, so many are written at once: whoever else writes waits no longer than that takes.
const TOGETHER: usize = 2_000;

/// Notices that people are told together, so that each gets one mail of them. Of very many, part by part.
pub struct Telling<'a> {
    cx: &'a Cx,
    all: Vec<Notice>,
}

impl<'a> Telling<'a> {
    /// None yet.
    pub fn new(cx: &'a Cx) -> Self {
        Self { cx, all: Vec::new() }
    }

    /// Adds some; once there are very many, those so far are told.
    ///
    /// # Errors
    /// When the database fails; what was told until then stays told.
    pub async fn add(&mut self, more: Vec<Notice>) -> Result<()> {
        self.all.extend(more);
        if self.all.len() >= TOGETHER { send_now(self.cx, std::mem::take(&mut self.all)).await } else { Ok(()) }
    }

    /// Tells the rest.
    ///
    /// # Errors
    /// As [`Telling::add`].
    pub async fn done(self) -> Result<()> {
        send_now(self.cx, self.all).await
    }
}

/// Tells people, within housekeeping: what was told before is told to nobody again. Whoever was removed is told nothing.
///
/// # Errors
/// When the database fails.
async fn send(cx: &Cx, house: &mut House, mut notices: Vec<Notice>) -> Result<()> {
    // In one order for all: two who tell the same must not wait for each other in a circle.
    notices.sort_by(|a, b| (&a.key, a.to.account).cmp(&(&b.key, b.to.account)));
    let accounts: BTreeSet<Uuid> = notices.iter().map(|notice| notice.to.account).collect();
    let keys = seal::find_subject_keys(house.db(), &cx.core().master, accounts.iter().map(|id| identity::subject(*id))).await?;
    let chosen = choice::of(house.db(), &accounts).await?;
    let had = had_today(cx, house, &accounts).await?;
    let now = house.now();
    for notice in notices {
        let account = notice.to.account;
        let Some(key) = keys.get(&identity::subject(account)) else { continue };
        let chosen = chosen.get(&account).cloned().unwrap_or_default();
        let send_at = match chosen.how(notice.sort) {
            How::Page => None,
            How::Daily => Some(choice::next(cx, chosen.hour, now)),
            How::AtOnce if notice.gathered && had.contains(&account) => Some(choice::tomorrow(cx, chosen.hour, now)),
            How::AtOnce => Some(now),
        };
        let straight = send_at == Some(now) && !notice.gathered;
        let (id, mail) = (random::id(now)?, if straight { Some(random::id(now)?) } else { None });
        if !insert(house, key, id, &notice, (send_at, mail)).await? {
            continue;
        }
        if let Some(mail) = mail {
            let text = letter(cx, &notice.to.name, &[(&notice.subject, &notice.text, &notice.path)]);
            house.job(mail::message(&notice.to.email, &notice.subject, &text).sealed_for(identity::subject(account)).id(mail));
        } else if let Some(at) = send_at {
            house.job(Job::new(JOB, json!({ "account": account })).at(at).key(format!("notices:{account}:{at}")));
        }
    }
    Ok(())
}

/// The keys of what was told about these things of a kind, each ending with whom.
///
/// # Errors
/// When the database fails.
pub async fn told<C: ConnectionTrait>(db: &C, kind: &str, things: &[Uuid]) -> Result<BTreeSet<String>> {
    let found = notice::Entity::find().select_only().column(notice::Column::Key).filter(notice::Column::Kind.eq(kind));
    let found: Vec<String> = found.filter(notice::Column::Thing.is_in(things.iter().copied())).into_tuple().all(db).await?;
    Ok(found.into_iter().collect())
}

/// Whether somebody was told what begins with this key, of what [`told`] found.
pub fn was_told(known: &BTreeSet<String>, key: &str) -> bool {
    known.range(key.to_owned()..).next().is_some_and(|found| found.starts_with(key))
}

/// Those of these accounts to whom gathered notices went out today, by mail.
async fn had_today(cx: &Cx, house: &House, accounts: &BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>> {
    let today = choice::begins(cx, cx.core().clock.date_of(house.now()));
    let found: Vec<Uuid> = notice::Entity::find()
        .select_only()
        .column(notice::Column::Account)
        .distinct()
        .filter(notice::Column::Account.is_in(accounts.iter().copied()))
        .filter(notice::Column::SendAt.gte(today))
        .filter(notice::Column::MailedAt.gte(today))
        .filter(notice::Column::Gathered.eq(true))
        .into_tuple()
        .all(house.db())
        .await?;
    Ok(found.into_iter().collect())
}

/// Keeps a notice; `false` when it was told before.
async fn insert(house: &House, key: &Key, id: Uuid, notice: &Notice, (send_at, mail): (Option<Millis>, Option<Uuid>)) -> Result<bool> {
    let text = id.to_string();
    let sealed = |field, plain: &str| key.seal(&Place { table: TABLE, id: &text, field }, plain.as_bytes());
    let row = notice::ActiveModel {
        id: ActiveValue::Set(id),
        key: ActiveValue::Set(format!("{}:{}", notice.key, notice.to.account)),
        account: ActiveValue::Set(notice.to.account),
        sort: ActiveValue::Set(notice.sort.code().to_owned()),
        kind: ActiveValue::Set(notice.about.0.to_owned()),
        thing: ActiveValue::Set(notice.about.1),
        subject: ActiveValue::Set(sealed("subject", &notice.subject)?),
        text: ActiveValue::Set(sealed("text", &notice.text)?),
        path: ActiveValue::Set(notice.path.clone()),
        gathered: ActiveValue::Set(notice.gathered),
        made_at: ActiveValue::Set(house.now()),
        send_at: ActiveValue::Set(send_at),
        mail: ActiveValue::Set(mail),
        mailed_at: ActiveValue::Set(mail.map(|_| house.now())),
    };
    let once = OnConflict::column(notice::Column::Key).do_nothing().to_owned();
    Ok(notice::Entity::insert(row).on_conflict(once).exec_without_returning(house.db()).await? == 1)
}

/// A mail of one notice, or of several: each with where to read on.
fn letter(cx: &Cx, name: &str, told: &[(&str, &str, &str)]) -> String {
    let base = cx.core().settings.public_url.trim_end_matches('/');
    let parts: Vec<String> = match told {
        [(_, text, path)] => vec![format!("{}\n\n{base}{path}", text.trim())],
        all => all.iter().map(|(subject, text, path)| format!("{subject}\n{}\n{base}{path}", text.trim())).collect(),
    };
    format!(
        "{}\n\n{}\n\n{}\n",
        t!("case-mail-hello", name = name),
        parts.join("\n\n"),
        t!("notices-mail-foot", address = format!("{base}/account/notices"))
    )
}

/// A notice's subject and text, opened.
fn opened(key: &Key, row: &notice::Model) -> Result<(String, String)> {
    let id = row.id.to_string();
    let open = |field, sealed: &[u8]| {
        Ok::<_, crate::Error>(String::from_utf8_lossy(&key.open(&Place { table: TABLE, id: &id, field }, sealed)?).into_owned())
    };
    Ok((open("subject", &row.subject)?, open("text", &row.text)?))
}

/// What is known of these accounts' choices, by account.
type Chosen = BTreeMap<Uuid, choice::Chosen>;
