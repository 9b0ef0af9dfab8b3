//! What suppliers of the story report: work abroad that nobody proposed, and an incident.

use platform::files::{self, About, AtHand, To};
use platform::{Error, Result};
use rules::form::Answers;
use serde_json::json;
use uuid::Uuid;

use super::story::Teller;
use crate::arrangement::act as arrangements;
use crate::arrangement::model::{Details as Work, Held};
use crate::incident::act::{self as incidents, Report};
use crate::incident::model::{Channel, INCIDENT};
use crate::incident::weakness::act as weaknesses;
use crate::incident::weakness::model::Details as Weakness;

impl Teller {
    /// Work abroad that nobody proposed, which a sub-contractor has told of.
    pub(super) async fn reported(&self, bowline: Uuid) -> Result<()> {
        let today = self.core.clock.today();
        let work = Work {
            name: "Weekend calls answered in Nagpur".to_owned(),
            kind: "access".to_owned(),
            country: "IN".to_owned(),
            site: None,
            people: 3,
            data: Some("Booking desk\nTimetables".to_owned()),
            held: Held::of(Some(true), Some(&["transient".to_owned()]), true),
            from: today.saturating_sub(jiff::Span::new().days(9)),
            to: today.saturating_add(jiff::Span::new().months(6)),
        };
        arrangements::report(self.as_of("Nadia Rowe")?, bowline, &work).await?;
        Ok(())
    }

    /// Somebody at the sub-contractor misses a folder, and reports it in the six answers that come first; the list of who signed for it names a number that
    /// looks like somebody's, so it is withheld until they decide.
    pub(super) async fn incident(&self, bowline: Uuid) -> Result<()> {
        let day = self.core.clock.today();
        let first = json!({
            "what_happened": "A folder with booking forms is not on its shelf. It was signed in at the Leeds office on Friday, and nobody signed it out.",
            "discovered": { "date": day.to_string(), "time": "08:05" },
            "involved": ["paper", "personal_data"],
            "still_going_on": "yes",
            "reach_me": "Nadia Rowe, on the duty telephone",
        });
        let answers = Answers::from_json(first).ok_or_else(|| Error::internal("the story's report is no set of answers"))?;
        let report = Report { place: bowline, above: None, also: Vec::new(), answers, channel: Channel::Page, told: None, asked: None };
        let nadia = self.as_of("Nadia Rowe")?;
        let of = incidents::report(nadia, &report).await?;
        let case = of.id.to_string();
        let list = "Day,Who signed,Number\nThursday,The night desk,\nFriday,The day desk,National Insurance number AB123456C\n";
        let received = files::receive(nadia, (INCIDENT.id, &case), &mut AtHand::new(list)).await?;
        let about = About { name: "Who signed for the folder.csv".to_owned(), ..About::default() };
        files::add(nadia, To::Thing(INCIDENT.id, &case, None), &about, &received).await?;
        let weakness = Weakness {
            name: "Folders leave the shelf unsigned".to_owned(),
            party: None,
            contract: None,
            found_in: Some("Paper stores of offices".to_owned()),
            about: "A folder is signed for when it comes in, and nobody signs when it goes out.".to_owned(),
        };
        weaknesses::add(self.as_of("security")?, &weakness, Some(of.id)).await?;
        Ok(())
    }
}
