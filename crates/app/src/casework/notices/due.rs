//! Whom to remind of what is due: tasks, and cases that wait for somebody at their stage. What was told before is not looked up again. Of kinds whose
//! times are hours, the end of a stage's time is told of as it comes, by day and night.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::Date;
use platform::authz::Side;
use platform::cases::people::{self, Recipient};
use platform::cases::tasks::{self, Pending};
use platform::cases::{Case, SUPPLIER, store as cases};
use platform::clock::{HOUR, Millis};
use platform::notices::{self, Sort, Telling};
use platform::texts::Text;
use platform::{Cx, Result, mail, t};
use rules::schedule::{Reminder, days_late, reminder};
use uuid::Uuid;

use super::{Hear, Notice, What};
use crate::casework::{Process, at};
use crate::contract;

/// So many cases are read at once.
const PART: usize = 500;

/// Something due: tasks of a case, or the case itself at its stage.
struct Due<'a> {
    case: &'a Case,
    lead: Option<Uuid>,
    /// Whoever hears of it beside its party and the lead.
    also: Vec<Uuid>,
    /// The tasks; none for the case itself.
    tasks: Option<&'a Pending>,
    day: Date,
}

/// What somebody is told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Soon(Reminder),
    Late(Reminder),
    /// Those who must do it were told for so long, and it is not done: in this week of being so.
    Ignored(u32),
    /// Its time at this stage is about to run out.
    RunsOut,
    /// It has.
    RanOut,
    /// It has, for those who are responsible for whom it waits.
    Escalated,
}

/// How long before its end a time that is counted in hours is told of.
const NEAR: Millis = HOUR;

/// Tells of cases whose time at their stage is about to run out those for whom they wait, and of those whose time has those who are responsible too: for
/// kinds whose times are hours.
///
/// # Errors
/// When the database fails.
pub async fn clocks<P: Process>(cx: &Cx, telling: &mut Telling<'_>) -> Result<()> {
    let waiting = cases::due_until(cx.db(), P::KIND, cx.now() + NEAR).await?;
    for part in waiting.chunks(PART) {
        let ids: Vec<Uuid> = part.iter().map(|case| case.id).collect();
        let known = notices::told(cx.db(), P::KIND.id, &ids).await?;
        let mut found = Vec::new();
        for of in &P::load(cx.db(), part.to_vec()).await? {
            let case = P::case(of);
            let Some(until) = case.due else { continue };
            let due = Due { case, lead: P::sight(of).lead, also: P::hears(of), tasks: None, day: cx.core().clock.date_of(until) };
            due.clock::<P>(cx, until, &known, &mut found).await?;
        }
        telling.add(found).await?;
    }
    Ok(())
}

/// Tells everybody whom it concerns what is due in cases of a kind.
///
/// # Errors
/// When the database fails.
pub async fn remind<P: Process>(cx: &Cx, telling: &mut Telling<'_>) -> Result<()> {
    let (today, settings) = (cx.core().clock.today(), &cx.core().settings.notices);
    let until = today.checked_add(settings.first_days.max(settings.again_days).days()).unwrap_or(Date::MAX);
    let all = tasks::due_until(cx.db(), (P::KIND, P::OVER), until).await?;
    let waiting = cases::due_until(cx.db(), P::KIND, cx.core().clock.end_of(until)).await?;
    let ids: BTreeSet<Uuid> = all.iter().map(|one| one.case).chain(waiting.iter().map(|case| case.id)).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    for part in ids.chunks(PART) {
        let mut found = Vec::new();
        let known = notices::told(cx.db(), P::KIND.id, part).await?;
        let rest = P::at_rest(cx, part).await?;
        let things = P::load(cx.db(), cases::all(cx.db(), P::KIND, part.iter().copied()).await?).await?;
        let things: BTreeMap<Uuid, &P::Thing> = things.iter().map(|of| (P::case(of).id, of)).collect();
        let of_tasks =
            all.iter().filter(|one| !rest.contains(&one.case)).filter_map(|one| Some((*things.get(&one.case)?, Some(one), one.due)));
        let of_cases = waiting.iter().filter_map(|case| Some((*things.get(&case.id)?, None, cx.core().clock.date_of(case.due?))));
        for (of, tasks, day) in of_tasks.chain(of_cases) {
            let due = Due { case: P::case(of), lead: P::sight(of).lead, also: P::hears(of), tasks, day };
            due.tell::<P>(cx, today, &known, &mut found).await?;
        }
        telling.add(found).await?;
    }
    Ok(())
}

impl Due<'_> {
    /// What it is, told once for each of its days and each of those who must do it.
    fn stem(&self) -> String {
        let day = self.day;
        match self.tasks {
            None => format!("due:case:{}:{}:{day}", self.case.id, self.case.stage),
            Some(one) => {
                let owner = one.owner.map_or_else(|| one.role.clone().unwrap_or_default(), |owner| owner.to_string());
                format!("due:task:{}:{}:{owner}:{day}", self.case.id, one.side)
            }
        }
    }

    async fn tell<P: Process>(&self, cx: &Cx, today: Date, known: &BTreeSet<String>, found: &mut Vec<notices::Notice>) -> Result<()> {
        let settings = &cx.core().settings.notices;
        let days = |days: i64| u32::try_from(days).unwrap_or(0);
        let told = |says: Says| notices::was_told(known, &format!("{}:{says:?}", self.stem()));
        let first = reminder(self.day, today, &[days(settings.first_days), days(settings.again_days)]);
        let first = first.map(|what| if matches!(what, Reminder::Late(_)) { Says::Late(what) } else { Says::Soon(what) });
        // That its time runs out on this very day, or has, is told by the hour.
        let by_hour = P::BY_THE_HOUR && self.tasks.is_none();
        let first = first.filter(|says| !by_hour || (self.day != today && *says != Says::Late(Reminder::Late(0))));
        let late = days_late(self.day, today);
        let ignored = (late > 0 && late >= days(settings.ignored_days)).then(|| Says::Ignored((late - days(settings.ignored_days)) / 7));
        let [first, ignored] = [first, ignored].map(|says| says.filter(|says| !told(*says)));
        if first.is_none() && ignored.is_none() {
            return Ok(());
        }
        let doing = self.doing::<P>(cx).await?;
        if let Some(says) = first {
            found.extend(doing.iter().map(|to| self.notice::<P>(cx, to, says, late)));
        }
        if let Some(says) = ignored {
            let above = self.responsible::<P>(cx).await?;
            let above = above.into_iter().filter(|to| doing.iter().all(|one| one.account != to.account));
            found.extend(above.map(|to| self.notice::<P>(cx, &to, says, late)));
        }
        Ok(())
    }

    /// As [`Due::tell`], of the instant `until` which its time lasts.
    async fn clock<P: Process>(&self, cx: &Cx, until: Millis, known: &BTreeSet<String>, found: &mut Vec<notices::Notice>) -> Result<()> {
        let says = if until <= cx.now() { Says::RanOut } else { Says::RunsOut };
        let stem = format!("clock:{}:{}:{until}", self.case.id, self.case.stage);
        if notices::was_told(known, &format!("{stem}:{says:?}")) {
            return Ok(());
        }
        let told = |to: &Recipient, says: Says| notices::Notice {
            key: format!("{stem}:{says:?}"),
            gathered: false,
            ..self.notice::<P>(cx, to, says, 0)
        };
        let doing = self.doing::<P>(cx).await?;
        found.extend(doing.iter().map(|to| told(to, says)));
        if says == Says::RanOut {
            let above = self.responsible::<P>(cx).await?;
            let above = above.iter().filter(|to| doing.iter().all(|one| one.account != to.account));
            found.extend(above.map(|to| told(to, Says::Escalated)));
        }
        Ok(())
    }

    fn as_notice(&self) -> Notice {
        Notice::of(self.case, Hear { lead: self.lead, also: self.also.clone() }, What::Turn)
    }

    /// Whether the supplier's side must do it.
    fn suppliers<P: Process>(&self) -> bool {
        match self.tasks {
            Some(one) => one.side == Side::Supplier.code(),
            None => P::KIND.stage(&self.case.stage).is_ok_and(|stage| stage.waits_for.contains(&SUPPLIER)),
        }
    }

    /// Those who must do it.
    async fn doing<P: Process>(&self, cx: &Cx) -> Result<Vec<Recipient>> {
        let notice = self.as_notice();
        if let Some(owner) = self.tasks.and_then(|one| one.owner) {
            return Ok(people::account(cx, cx.db(), owner).await?.into_iter().collect());
        }
        if self.suppliers::<P>() {
            return notice.supplier(cx).await;
        }
        match self.tasks {
            Some(one) => match &one.role {
                Some(role) => people::holders(cx, cx.db(), &[role.as_str()], None).await,
                None => notice.whose_turn::<P>(cx, &["contract_manager"]).await,
            },
            None => notice.awaited::<P>(cx, &[]).await,
        }
    }

    /// Those who are responsible when it is not done: for the contract, and of what the supplier's side must do its lead.
    async fn responsible<P: Process>(&self, cx: &Cx) -> Result<Vec<Recipient>> {
        let mut found = match self.case.contract {
            Some(contract) => contract::store::managers(cx, contract).await?,
            None => people::holders(cx, cx.db(), &["contract_manager"], None).await?,
        };
        if let Some(lead) = self.lead.filter(|_| self.suppliers::<P>()) {
            found.extend(people::holders(cx, cx.db(), &["supplier_lead"], Some(&[lead])).await?);
        }
        Ok(found)
    }

    fn notice<P: Process>(&self, cx: &Cx, to: &Recipient, says: Says, late: u32) -> notices::Notice {
        let what = if self.tasks.is_some() { "task" } else { "case" };
        let (code, sort) = match says {
            Says::Soon(_) => ("soon", Sort::BeforeDue),
            Says::Late(_) => ("late", Sort::Late),
            Says::Ignored(_) => ("ignored", Sort::Late),
            Says::RunsOut => ("runs-out", Sort::Late),
            Says::RanOut => ("ran-out", Sort::Late),
            Says::Escalated => ("escalated", Sort::Late),
        };
        let none = t!("case-no-reference");
        let words = |id: String| {
            Text::new(id)
                .with("reference", self.case.reference.as_deref().unwrap_or(&none))
                .with("stage", P::KIND.stage_name(&self.case.stage))
                .with("count", self.tasks.map_or(1, |one| one.count))
                .with("date", platform::clock::day_text(self.day))
                .with("days", late)
                .with("until", self.case.due.map_or_else(String::new, |until| cx.core().clock.moment_text(until)))
                .say()
        };
        let marking = P::marking(cx, self.case);
        let (subject, text) =
            mail::marked(marking.as_deref(), &words(format!("reminder-{what}-{code}-subject")), &words(format!("reminder-{what}-{code}")));
        notices::Notice {
            to: to.clone(),
            sort,
            key: format!("{}:{says:?}", self.stem()),
            about: (P::KIND.id, self.case.id),
            subject,
            text,
            path: at::<P>(self.case, if self.tasks.is_some() { "tasks" } else { "" }),
            gathered: true,
        }
    }
}
