//! What is gathered for a day: one mail with all that waits for its reader.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rows::notice;
use super::{letter, opened};
use crate::cases::people;
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::jobs::{Job, Working};
use crate::{identity, mail, random, seal, t};

/// The kind of the job that sends what is gathered for one account.
pub const JOB: &str = "notice.gather";

/// Notices of one mail at most; more go out with the next.
const MOST: u64 = 100;

#[derive(Deserialize)]
struct For {
    account: Uuid,
}

/// Does a [`JOB`].
pub fn gather<'a>(cx: &'a Cx, _id: Uuid, payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let For { account } = serde_json::from_value(payload.clone()).map_err(|_| Error::bad_request("mail-malformed"))?;
        // Whoever cannot sign in any more is told nothing: what waits stays where it is.
        let Some(to) = people::account(cx, cx.db(), account).await? else { return Ok(()) };
        let mut house = cx.housekeep().await?;
        let now = house.now();
        let waiting = notice::Entity::find()
            .filter(notice::Column::Account.eq(account))
            .filter(notice::Column::Mail.is_null())
            .filter(notice::Column::SendAt.lte(now))
            .order_by_asc(notice::Column::Id)
            .limit(MOST + 1);
        let mut due = house.find(waiting).await?;
        let more = due.len() as u64 > MOST;
        due.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
        let key = seal::find_subject_key(house.db(), &cx.core().master, &identity::subject(account)).await?;
        let (Some(key), false) = (key, due.is_empty()) else { return Ok(()) };
        let told = due.iter().map(|row| opened(&key, row)).collect::<Result<Vec<_>>>()?;
        let parts: Vec<(&str, &str, &str)> =
            told.iter().zip(&due).map(|((subject, text), row)| (subject.as_str(), text.as_str(), row.path.as_str())).collect();
        let subject = match told.as_slice() {
            [(subject, _)] => subject.clone(),
            all => t!("notices-mail-subject", count = all.len()),
        };
        let mail = random::id(now)?;
        house.job(mail::message(&to.email, &subject, &letter(cx, &to.name, &parts)).sealed_for(identity::subject(account)).id(mail));
        let change = notice::Entity::update_many()
            .col_expr(notice::Column::Mail, Expr::value(Some(mail)))
            .col_expr(notice::Column::MailedAt, Expr::value(Some(now)))
            .filter(notice::Column::Id.is_in(due.iter().map(|row| row.id)));
        house.update::<notice::Entity>(change).await?;
        if more {
            house.job(Job::new(JOB, json!({ "account": account })).key(format!("notices:{account}:{now}")));
        }
        house.done().await?;
        cx.core().wake.notify_one();
        Ok(())
    })
}
