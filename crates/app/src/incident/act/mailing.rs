//! Reports by e-mail: what a message says becomes the first answer, all else stays open, and what is found in it is withheld like anything that was
//! reported. Whoever keeps the message opens the transaction.

use platform::cases::Case;
use platform::clock::Millis;
use platform::cx::{Cx, Entry, Tx};
use platform::{Error, Result, t};
use rules::form::{Answers, Form, QuestionType};
use serde_json::{Value, json};
use uuid::Uuid;

use super::reporting::{Coming, begun, taken_in};
use crate::casework::act::contract_first;
use crate::casework::{lock, notices};
use crate::contract;
use crate::incident::form_of;
use crate::incident::model::{Channel, FIRST, Incident, Incidents, Told};

/// Where a form takes what happened, in the words of whoever tells it.
const SAYS: &str = "what_happened";
/// Where it takes how somebody is reached.
const REACH: &str = "reach_me";
/// As much of a text as a form takes that sets no bound.
const LONGEST: usize = 10_000;

/// A report that came by e-mail.
#[derive(Debug, Clone)]
pub struct Mailed {
    /// Where in which chain it happened.
    pub place: Uuid,
    /// The party that reports it, where the sender is known to belong to it and it stands at or above that place. Of all others it was told.
    pub party: Option<Uuid>,
    /// The account that counts as having reported it: the sender's, else of whoever at the authority made it a report.
    pub by: Uuid,
    /// The sender, with the address that answers reach.
    pub sender: String,
    /// What it says, subject first.
    pub says: String,
    /// When it arrived.
    pub at: Millis,
}

/// Takes a report by e-mail in, within the transaction that keeps the message: the case, and the entries to be committed with it, its own first.
///
/// # Errors
/// [`Error::NotFound`] when the place stands no more; [`Error::Conflict`] when the contract's pack asks nothing about incidents; or a refusal.
pub async fn mailed(cx: &Cx, tx: &mut Tx, new: &Mailed) -> Result<(Case, Vec<Entry>)> {
    let place = contract::store::place(tx.db(), new.place).await?.row;
    contract::store::lock_row(tx.db(), place.contract).await?;
    let (of, pack) = begun(cx, tx.db(), tx.now(), &place, true).await?;
    let reporter = new.party.filter(|party| of.standing.above.contains(party));
    let mut of = Incident { told: reporter.is_none(), reporter, ..of };
    of.case.made_by = new.by;
    cx.permit("incident.report_by_mail", &of)?;
    let answers = answers(form_of(&pack)?, new)?;
    let told = of.told.then(|| Told { name: new.sender.clone(), way: t!("incident-told-by-mail") });
    let coming = Coming {
        answers: &answers,
        whole: "",
        by: new.by,
        at: new.at,
        action: "incident.report_by_mail",
        place: &place,
        above: None,
        also: Vec::new(),
        channel: Channel::Mail,
        told,
        via: None,
    };
    taken_in(cx, tx, &of, &pack, coming).await
}

/// The answers that a message gives: what it says, and whom to reach.
fn answers(form: &Form, new: &Mailed) -> Result<Answers> {
    let in_words = |kind| matches!(kind, QuestionType::LongText | QuestionType::Text);
    // A form of the authority's own may call it otherwise: the first question that takes words.
    let of_first = form.sections.iter().filter(|section| section.id == FIRST).flat_map(|section| &section.questions);
    let says = form.question(SAYS).or_else(|| of_first.into_iter().find(|question| in_words(question.kind)));
    let says = says.filter(|question| in_words(question.kind)).ok_or_else(|| Error::conflict("incident-no-form"))?;
    let most = says.max_length.and_then(|most| usize::try_from(most).ok()).unwrap_or(LONGEST);
    let mut all = json!({ says.id.clone(): fitting(&new.says, most, says.kind == QuestionType::Text) });
    if let Some(reach) = form.question(REACH).filter(|question| question.kind == QuestionType::Text) {
        all[REACH] = Value::String(fitting(&new.sender, reach.max_length.and_then(|most| usize::try_from(most).ok()).unwrap_or(200), true));
    }
    Answers::from_json(all).ok_or_else(|| Error::internal("answers that are none"))
}

/// A text as a form takes it: without signs that nobody types, and no longer than it may be; where it was cut, it says so.
fn fitting(text: &str, most: usize, one_line: bool) -> String {
    let plain = |c: char| !c.is_control() || c == '\n' && !one_line;
    let text: String = text.chars().map(|c| if c == '\t' || one_line && c == '\n' { ' ' } else { c }).filter(|c| plain(*c)).collect();
    let text = text.trim();
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let note = t!("incident-mail-cut");
    let kept: String = text.chars().take(most.saturating_sub(note.chars().count() + 2)).collect();
    if one_line { text.chars().take(most).collect() } else { format!("{}\n\n{note}", kept.trim_end()) }
}

/// Notes that a message was added to an incident, within the transaction that does: whoever has it is told. The incident, locked, and the entry.
///
/// # Errors
/// [`Error::NotFound`], or a refusal.
pub async fn add_mail(cx: &Cx, tx: &mut Tx, id: Uuid, mail: Uuid) -> Result<(Incident, Entry)> {
    contract_first::<Incidents>(tx, id).await?;
    let of = lock::<Incidents>(tx, id).await?;
    cx.permit("incident.add_mail", &of)?;
    notices::roles::<Incidents>(tx, &of, &of.case, "added", vec!["security".to_owned()])?;
    let entry = Entry::on("incident.add_mail", &of).about("mail", mail);
    Ok((of, entry))
}

/// Has whoever looks after an incident told that files of a message came to it after the message did, within the transaction that brings them.
///
/// # Errors
/// [`Error::NotFound`]; or when the database fails.
pub async fn mail_files(tx: &mut Tx, id: Uuid) -> Result<()> {
    contract_first::<Incidents>(tx, id).await?;
    let of = lock::<Incidents>(tx, id).await?;
    notices::roles::<Incidents>(tx, &of, &of.case, "mail-files", vec!["security".to_owned()])
}
