//! Notices for programs: what one was told, and how one wants to be told.

use platform::api::{Call, Listed};
use platform::clock::timestamp;
use platform::notices::choice::{self, Chosen};
use platform::notices::{How, Sort, reading};
use platform::web::Answer;
use platform::{Cx, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::account::act;

/// Something that one was told.
#[derive(Serialize, ToSchema)]
pub(super) struct ToldNotice {
    /// Its id.
    id: Uuid,
    /// What kind of telling it is: `hand_over`, `before_due`, `late` or `other`.
    sort: String,
    /// One line.
    subject: String,
    /// What happened and what is next.
    text: String,
    /// The page where it is read on.
    path: String,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// How it went by mail: `page`, `waits`, `sending`, `sent` or `failed`.
    delivery: String,
    /// Since when, or until when.
    #[schema(format = DateTime)]
    delivery_at: Option<String>,
}

/// How notices reach their reader beside the page.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum NoticeHow {
    /// By mail, at once.
    AtOnce,
    /// By mail, once a day with others.
    Daily,
    /// On the page alone.
    Page,
}

impl NoticeHow {
    fn of(how: How) -> Self {
        match how {
            How::AtOnce => Self::AtOnce,
            How::Daily => Self::Daily,
            How::Page => Self::Page,
        }
    }

    fn how(self) -> How {
        match self {
            Self::AtOnce => How::AtOnce,
            Self::Daily => How::Daily,
            Self::Page => How::Page,
        }
    }
}

/// How one wants to be told of what.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoticeChoices {
    /// Something waits for one.
    hand_over: NoticeHow,
    /// Something is due soon.
    before_due: NoticeHow,
    /// Something is late.
    late: NoticeHow,
    /// Something else that one has part in.
    other: NoticeHow,
    /// At which hour of the authority's zone what is gathered goes out.
    #[schema(minimum = 0, maximum = 23)]
    hour: u8,
}

pub(super) async fn list(call: Call) -> Answer {
    let account = call.cx.actor.signed_in()?.account;
    let most = call.limit();
    let mut all = reading::told(&call.cx, account, call.after(|text| text.parse().ok())?, most + 1).await?;
    let more = all.len() as u64 > most;
    all.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let after = all.last().filter(|_| more).map(|last| last.id.to_string());
    let items = all
        .into_iter()
        .map(|one| ToldNotice {
            id: one.id,
            sort: one.sort,
            subject: one.subject,
            text: one.text,
            path: one.path,
            at: timestamp(one.at).to_string(),
            delivery: one.delivery.code().to_owned(),
            delivery_at: one.delivery.at().map(|at| timestamp(at).to_string()),
        })
        .collect();
    call.listed(&Listed { items, after })
}

async fn chosen(cx: &Cx) -> Result<NoticeChoices> {
    let chosen = choice::one(cx.db(), cx.actor.signed_in()?.account).await?;
    let how = |sort| NoticeHow::of(chosen.how(sort));
    Ok(NoticeChoices {
        hand_over: how(Sort::HandOver),
        before_due: how(Sort::BeforeDue),
        late: how(Sort::Late),
        other: how(Sort::Other),
        hour: chosen.hour,
    })
}

pub(super) async fn choices(call: Call) -> Answer {
    call.found(&chosen(&call.cx).await?, None)
}

pub(super) async fn choose(call: Call) -> Answer {
    let with: NoticeChoices = call.body()?;
    let all = [(Sort::HandOver, with.hand_over), (Sort::BeforeDue, with.before_due), (Sort::Late, with.late), (Sort::Other, with.other)];
    let how = all.into_iter().map(|(sort, how)| (sort, how.how())).collect();
    act::choose_notices(&call.cx, &Chosen { how, hour: with.hour }).await?;
    call.found(&chosen(&call.cx).await?, None)
}
