//! Reminding those who keep measures, and the terms that they belong to, of reviews that are due.

use jiff::ToSpan as _;
use jiff::civil::Date;
use platform::notices::{self, Notice, Sort};
use platform::{Cx, Result, texts};
use rules::schedule::{Reminder, reminder};
use uuid::Uuid;

use super::model::MEASURES;
use super::store;
use crate::contract;

/// A review: the kind and id of what is reviewed, its contract, its page and its day.
pub(crate) struct Review {
    pub(crate) about: (&'static str, Uuid),
    pub(crate) contract: Uuid,
    pub(crate) path: String,
    pub(crate) day: Date,
}

/// The last day on which something is due that people are reminded of today.
pub(crate) fn horizon(cx: &Cx) -> Date {
    let settings = &cx.core().settings.notices;
    cx.core().clock.today().checked_add(settings.first_days.max(settings.again_days).days()).unwrap_or(Date::MAX)
}

/// Whom to remind of the reviews of measures today.
///
/// # Errors
/// When the database fails.
pub(crate) async fn reviews(cx: &Cx) -> Result<Vec<Notice>> {
    let rows = store::due_by(cx.db(), horizon(cx)).await?;
    let reviews = rows.into_iter().filter_map(|row| {
        let day = row.review_on.parse().ok()?;
        Some(Review { about: (MEASURES.kind, row.id), contract: row.contract, path: format!("/measures/{}", row.id), day })
    });
    reviewing(cx, reviews.collect()).await
}

/// Whom to remind of these reviews today: the contract's manager, once for each of the days on which people are reminded. The messages are
/// `<kind>-mail-review` and `<kind>-mail-review-late`.
///
/// # Errors
/// When the database fails.
pub(crate) async fn reviewing(cx: &Cx, reviews: Vec<Review>) -> Result<Vec<Notice>> {
    let (today, settings) = (cx.core().clock.today(), &cx.core().settings.notices);
    let days = |days: i64| u32::try_from(days).unwrap_or(0);
    let mut all = Vec::new();
    for review in reviews {
        let Some(what) = reminder(review.day, today, &[days(settings.first_days), days(settings.again_days)]) else { continue };
        let (kind, id) = review.about;
        let key = format!("review:{id}:{}:{what:?}", review.day);
        let known = notices::told(cx.db(), kind, &[id]).await?;
        if notices::was_told(&known, &key) {
            continue;
        }
        let title = contract::store::titles(cx.db(), [review.contract]).await?.remove(&review.contract).unwrap_or_default();
        let late = matches!(what, Reminder::Late(_));
        let stem = format!("{}-mail-review{}", kind.replace('_', "-"), if late { "-late" } else { "" });
        let say =
            |id: &str| texts::Text::new(id.to_owned()).with("contract", &title).with("day", platform::clock::day_text(review.day)).say();
        for to in contract::store::managers(cx, review.contract).await? {
            all.push(Notice {
                key: format!("{key}:{}", to.account),
                to,
                sort: if late { Sort::Late } else { Sort::BeforeDue },
                about: review.about,
                subject: say(&format!("{stem}-subject")),
                text: say(&stem),
                path: review.path.clone(),
                gathered: true,
            });
        }
    }
    Ok(all)
}
