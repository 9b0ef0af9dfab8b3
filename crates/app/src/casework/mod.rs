//! What all kinds of case have in common beside their own stages and steps: who has one, its thread, tasks, files, history and notices, the
//! frame of its pages and its list. A kind says in [`Process`] what differs; a new kind writes its steps and what they are about, no more.

pub mod able;
pub mod act;
pub mod answering;
pub mod api;
pub mod desk;
pub mod evidence;
pub mod handing;
pub mod history;
pub mod lists;
pub mod notices;
pub mod offices;
pub mod pages;
pub mod papers;
pub mod passing;
pub mod typed;
pub mod workbook;
pub mod writing;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use jiff::civil::Date;
use platform::authz::AccountActor;
use platform::cases::api::Cases;
use platform::cases::queue::Visible;
use platform::cases::store::CaseColumn;
use platform::cases::tasks::Task;
use platform::cases::{Case, Kind, store as cases};
use platform::cx::{Reaction, Tx};
use platform::files::{self, Screened, Subject};
use platform::identity::Owner;
use platform::sheets::List;
use platform::web::Visit;
use platform::{Cx, Error, Result, t, texts};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait};

use crate::contract;

/// The actions that every kind of case has.
#[derive(Debug, Clone, Copy)]
pub struct Acts {
    /// Writing to the thread.
    pub message: &'static str,
    /// Writing a note that stays within the authority.
    pub note: &'static str,
    /// Setting a task.
    pub task: &'static str,
    /// Doing one.
    pub finish_task: &'static str,
    /// Checking that one was done.
    pub check_task: &'static str,
    /// Giving one to somebody else.
    pub pass_task: &'static str,
    /// Taking a case on.
    pub take_on: &'static str,
    /// Putting it back.
    pub put_back: &'static str,
    /// Passing it to a colleague.
    pub pass_to: &'static str,
    /// Opening a file that is sealed from those who do not ask for it.
    pub reveal: &'static str,
}

/// The [`Acts`] of a kind.
#[macro_export]
macro_rules! acts {
    ($kind:literal) => {
        $crate::casework::Acts {
            message: concat!($kind, ".message"),
            note: concat!($kind, ".note"),
            task: concat!($kind, ".task"),
            finish_task: concat!($kind, ".finish_task"),
            check_task: concat!($kind, ".check_task"),
            pass_task: concat!($kind, ".pass_task"),
            take_on: concat!($kind, ".take_on"),
            put_back: concat!($kind, ".put_back"),
            pass_to: concat!($kind, ".pass_to"),
            reveal: concat!($kind, ".reveal"),
        }
    };
}

/// Where the party of a case stands in its contract's chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    /// The parties at or above its place: they may see the case.
    pub above: Vec<Uuid>,
    /// The party at tier 1: it alone may submit (OFF-12).
    pub lead: Option<Uuid>,
}

/// The account that acts.
///
/// # Errors
/// [`Error::SignedOut`] when none does.
pub fn account(cx: &Cx) -> Result<&AccountActor> {
    cx.actor.signed_in()
}

/// A case with what policies read of it, its row locked until the transaction ends.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn lock<P: Process>(tx: &Tx, id: Uuid) -> Result<P::Thing> {
    let case = cases::lock(tx, P::KIND, id).await?;
    P::load(tx.db(), vec![case]).await?.pop().ok_or(Error::NotFound)
}

/// Where the parties of these cases stand, in the same order, in a few queries however many there are.
///
/// # Errors
/// [`Error::NotFound`] when a case is at a place that there never was; when the database fails.
pub async fn sights<C: ConnectionTrait>(db: &C, cases: &[Case]) -> Result<Vec<Sight>> {
    let places: Vec<Uuid> = cases.iter().filter_map(|case| case.place).collect();
    let above = contract::store::all_at_or_above(db, places.iter().copied()).await?;
    // Of a place that stands, the lead is the last of those above; of one that has ended, the chain says it.
    let ended = places.into_iter().filter(|place| !above.contains_key(place));
    let leads = contract::store::leads_of(db, ended).await?;
    let of = |case: &Case| {
        let Some(place) = case.place else { return Ok(Sight::default()) };
        let above = above.get(&place).cloned().unwrap_or_default();
        let lead = above.last().copied().or_else(|| leads.get(&place).map(|lead| lead.party));
        Ok(Sight { above, lead: Some(lead.ok_or(Error::NotFound)?) })
    };
    cases.iter().map(of).collect()
}

/// The cases at places that a party sees: the SQL twin of view policies that go by [`Sight::above`].
pub fn at_places_seen(party: Uuid) -> Visible {
    Visible::at_places(Condition::all().add(CaseColumn::Place.in_subquery(contract::store::places_seen(party))))
}

/// A kind of case of the product. Its texts are called by its kind: `<kind>-none`, `<kind>-mail-turn`.
pub trait Process: Cases {
    /// Its actions.
    const ACTS: Acts;
    /// The address of its list of pages: `/proposals`.
    const PAGES: &'static str;
    /// The text that names its list.
    const NAME: &'static str;
    /// Its list, for taking out.
    const LIST: &'static List;
    /// Whether hours count, and not only days: its pages say until when by the minute.
    const BY_THE_HOUR: bool = false;
    /// The stages at which its tasks are asked of nobody any more.
    const OVER: &'static [&'static str];
    /// What of its history a supplier reads.
    const SHARED: history::Shared;

    /// Where its party stands.
    fn sight(of: &Self::Thing) -> &Sight;
    /// The case, to be called otherwise on a page.
    fn case_mut(of: &mut Self::Thing) -> &mut Case;
    /// Where the visitor begins one, from the list: text and address; none for those who begin none.
    fn begins(visit: &Visit) -> impl Future<Output = Result<Option<(String, String)>>> + Send;
    /// Its pages beside overview, files and history: path and text, in the order of the tabs.
    fn tabs(visit: &Visit, of: &Self::Thing) -> Vec<(&'static str, &'static str)>;
    /// What moves it on, the main step first: text and address.
    fn actions(visit: &Visit, of: &Self::Thing) -> Vec<(String, String)>;
    /// The button in the head: the step that the visitor is asked for; none where only giving up is left.
    fn primary(visit: &Visit, of: &Self::Thing) -> Option<(String, String)> {
        Self::actions(visit, of).into_iter().next()
    }
    /// The account at the authority that wrote in the supplier's place; the supplier does not read who that is.
    fn entered_by(of: &Self::Thing) -> Option<Uuid> {
        let _ = of;
        None
    }
    /// The parties that hear of it beside its own and the one at tier 1.
    fn hears(of: &Self::Thing) -> Vec<Uuid> {
        let _ = of;
        Vec::new()
    }
    /// The action with which the supplier's side attaches while what it writes is not handed in, and it may still change it.
    fn writing(of: &Self::Thing) -> Option<&'static str>;
    /// What files can belong to beside the whole and its tasks: field and name.
    ///
    /// # Errors
    /// When the case's form is gone.
    fn file_fields(cx: &Cx, case: &Case) -> Result<BTreeMap<String, String>> {
        let _ = (cx, case);
        Ok(BTreeMap::new())
    }
    /// The subject of a field that [`Process::file_fields`] names, from that of the whole.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such field.
    fn file_at(cx: &Cx, case: &Case, field: &str, whole: Subject) -> Result<Subject> {
        let _ = (cx, case, field, whole);
        Err(Error::NotFound)
    }
    /// Those of these cases whose tasks are asked of nobody any more, whatever stage they stand at.
    fn at_rest(cx: &Cx, cases: &[Uuid]) -> impl Future<Output = Result<BTreeSet<Uuid>>> + Send {
        let _ = (cx, cases);
        async { Ok(BTreeSet::new()) }
    }
    /// What follows when a task was found done, in the same transaction: what its entry says of that, by name.
    fn found_done(cx: &Cx, tx: &Tx, of: &Self::Thing, task: &Task) -> impl Future<Output = Result<Vec<(&'static str, String)>>> + Send {
        let _ = (cx, tx, of, task);
        async { Ok(Vec::new()) }
    }
    /// Whether what the supplier attaches to the whole is handed in at once, though it still writes its answers.
    const FILES_AT_ONCE: bool = false;
    /// How what is attached is looked through for data about people; none where it is not (SEC-25).
    fn screened(case: &Case) -> Option<Screened> {
        let _ = case;
        None
    }
    /// The kind of the job that tells people of a step or a message.
    const NOTICE: &'static str;
    /// The protective marking that its form bears, wherever it is shown, sent or printed (SEC-X2).
    fn marking(cx: &Cx, case: &Case) -> Option<String> {
        let _ = (cx, case);
        None
    }
    /// The message that tells the supplier's side of a step to this stage; none where it reads that on the page.
    fn told(stage: &str) -> Option<&'static str>;
}

/// What the service is told of a kind of case, beside its routes, its list and its jobs.
pub struct Served {
    /// What follows for it when somebody's role ends.
    pub when_a_role_ends: Reaction,
    /// What files can be attached to.
    pub files: files::Kind,
    /// What of an account's work can be handed over: cases and tasks.
    pub owners: [Owner; 2],
}

/// See [`Served`].
pub fn served<P: Process>() -> Served {
    Served {
        when_a_role_ends: desk::when_a_role_ends::<P>(),
        files: evidence::files::<P>(),
        owners: [desk::owner::<P>(), desk::task_owner::<P>()],
    }
}

/// The address of a page of a case.
pub fn at<P: Process>(case: &Case, page: &str) -> String {
    if page.is_empty() { format!("{}/{}", P::PAGES, case.id) } else { format!("{}/{}/{page}", P::PAGES, case.id) }
}

/// The first thing that the visitor can do, unless it is one of these steps, which give the case up: nobody is led to that.
pub fn first_but<P: Process>(visit: &Visit, of: &P::Thing, giving_up: &[&str]) -> Option<(String, String)> {
    let gives_up = |href: &str| giving_up.iter().any(|step| href.ends_with(&format!("/step/{step}")));
    P::actions(visit, of).into_iter().next().filter(|(_, href)| !gives_up(href))
}

/// The id of a text that a kind of case has for itself.
pub fn own(kind: &Kind, text: &str) -> String {
    format!("{}-{text}", kind.id.replace('_', "-"))
}

/// A text that a kind of case has for itself.
pub fn says(kind: &Kind, text: &str) -> String {
    texts::t(&own(kind, text))
}

/// A rating in words.
pub fn rating_name(kind: &Kind, code: &str) -> String {
    says(kind, &format!("rating-{}", code.replace('_', "-")))
}

/// What is due within so many days is said to be.
const SOON: i32 = 7;

/// That something is late, or due within the next days, in words.
pub fn nearness(due: Date, today: Date) -> Option<String> {
    let late = rules::schedule::days_late(due, today);
    let left = (due - today).get_days();
    match (late, left) {
        (1.., _) => Some(t!("case-task-late-days", days = late)),
        (_, 0) => Some(t!("case-task-due-today")),
        (_, 1..=SOON) => Some(t!("case-task-due-days", days = left)),
        _ => None,
    }
}
