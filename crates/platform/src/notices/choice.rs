//! How people want to be told: of what at once, of what once a day, and of what on their page alone.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, ConnectionTrait};
use serde::{Deserialize, Serialize};

use super::rows::{chosen, hour};
use crate::clock::{HOUR, Millis};
use crate::cx::{Cx, Tx};
use crate::error::Result;

/// The hour at which what is gathered goes out to whoever chose none.
pub const HOUR_OF_DAY: u8 = 7;

/// What kind of telling a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Something waits for its reader now.
    HandOver,
    /// Something is due soon.
    BeforeDue,
    /// Something is late, or was not done by those who must.
    Late,
    /// Something else happened that its reader has part in.
    Other,
}

impl Sort {
    /// Every one, in the order of the form.
    pub const ALL: [Self; 4] = [Self::HandOver, Self::BeforeDue, Self::Late, Self::Other];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::HandOver => "hand_over",
            Self::BeforeDue => "before_due",
            Self::Late => "late",
            Self::Other => "other",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.code() == code)
    }
}

/// How a notice reaches its reader beside the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// By mail, at once.
    AtOnce,
    /// By mail, once a day with others.
    Daily,
    /// On the page alone.
    Page,
}

impl How {
    /// Every one, in the order of the form.
    pub const ALL: [Self; 3] = [Self::AtOnce, Self::Daily, Self::Page];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::AtOnce => "at_once",
            Self::Daily => "daily",
            Self::Page => "page",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|how| how.code() == code)
    }
}

/// What somebody chose: at once, where nothing was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// How, by what; one that is missing is at once.
    pub how: BTreeMap<Sort, How>,
    /// At which hour what is gathered goes out, from 0 to 23.
    pub hour: u8,
}

impl Default for Chosen {
    fn default() -> Self {
        Self { how: BTreeMap::new(), hour: HOUR_OF_DAY }
    }
}

impl Chosen {
    /// How a notice of this sort goes out.
    pub fn how(&self, sort: Sort) -> How {
        self.how.get(&sort).copied().unwrap_or(How::AtOnce)
    }
}

/// What these accounts chose; those who chose nothing are left out.
///
/// # Errors
/// When the database fails.
pub async fn of<C: ConnectionTrait>(db: &C, accounts: &BTreeSet<Uuid>) -> Result<super::Chosen> {
    let mut all: BTreeMap<Uuid, Chosen> = BTreeMap::new();
    for row in chosen::Entity::find().filter(chosen::Column::Account.is_in(accounts.iter().copied())).all(db).await? {
        if let Some((sort, how)) = Sort::from_code(&row.sort).zip(How::from_code(&row.how)) {
            all.entry(row.account).or_default().how.insert(sort, how);
        }
    }
    for row in hour::Entity::find().filter(hour::Column::Account.is_in(accounts.iter().copied())).all(db).await? {
        all.entry(row.account).or_default().hour = u8::try_from(row.hour).ok().filter(|hour| *hour < 24).unwrap_or(HOUR_OF_DAY);
    }
    Ok(all)
}

/// What one account chose.
///
/// # Errors
/// When the database fails.
pub async fn one<C: ConnectionTrait>(db: &C, account: Uuid) -> Result<Chosen> {
    Ok(of(db, &BTreeSet::from([account])).await?.remove(&account).unwrap_or_default())
}

/// Keeps what an account chose. What waits to be sent goes out as it was to.
///
/// # Errors
/// When the database fails.
pub async fn keep(tx: &Tx, account: Uuid, with: &Chosen) -> Result<()> {
    for sort in Sort::ALL {
        let row = chosen::ActiveModel {
            account: ActiveValue::Set(account),
            sort: ActiveValue::Set(sort.code().to_owned()),
            how: ActiveValue::Set(with.how(sort).code().to_owned()),
        };
        let over = OnConflict::columns([chosen::Column::Account, chosen::Column::Sort]).update_column(chosen::Column::How).to_owned();
        chosen::Entity::insert(row).on_conflict(over).exec_without_returning(tx.db()).await?;
    }
    let row = hour::ActiveModel { account: ActiveValue::Set(account), hour: ActiveValue::Set(i32::from(with.hour)) };
    let over = OnConflict::column(hour::Column::Account).update_column(hour::Column::Hour).to_owned();
    hour::Entity::insert(row).on_conflict(over).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// When a day begins, in the authority's zone.
pub(super) fn begins(cx: &Cx, day: Date) -> Millis {
    day.to_zoned(cx.core().clock.zone().clone()).map_or(0, |at| at.timestamp().as_millisecond())
}

/// As [`next`], on the day after.
pub(super) fn tomorrow(cx: &Cx, hour: u8, now: Millis) -> Millis {
    let today = cx.core().clock.date_of(now);
    today.tomorrow().map_or(now + 24 * HOUR, |day| next(cx, hour, begins(cx, day) - 1))
}

/// The next time at which what is gathered goes out, in the authority's zone. An hour that a change of clocks leaves out is the one after it.
pub(super) fn next(cx: &Cx, hour: u8, now: Millis) -> Millis {
    let at = |day: Date| {
        let time = day.at(i8::try_from(hour).unwrap_or(0), 0, 0, 0);
        time.to_zoned(cx.core().clock.zone().clone()).map_or(now + 24 * HOUR, |at| at.timestamp().as_millisecond())
    };
    let today = cx.core().clock.date_of(now);
    let first = at(today);
    if first > now { first } else { today.tomorrow().map_or(now + 24 * HOUR, at) }
}
