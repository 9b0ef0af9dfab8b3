//! What is kept of the story's first contract beside its duties: what it asks of one of them, what is authority data, its terms of data protection, and a
//! measure.

use jiff::Span;
use platform::Result;
use rules::governing::{Demand, Direction};
use uuid::Uuid;

use super::story::Teller;
use crate::authority_data;
use crate::data_protection;
use crate::measure;
use crate::obligation as duties;
use crate::obligation::terms::{Document, Way};

impl Teller {
    /// The contract is stricter than the pack about answering questions, and what is kept of its data.
    pub(super) async fn terms(&self, place: Uuid, security: &str) -> Result<()> {
        let (legal, controller) = (self.as_of("legal")?, self.as_of("data_controller")?);
        let contract = crate::contract::store::place(legal.db(), place).await?.row.contract;
        let today = self.core.clock.today();
        let duty = duties::store::get(legal, contract, security, "give_rulings").await?;
        let five = Demand::Limit { value: 5, unit: "working_days".to_owned(), direction: Direction::AtMost };
        duties::act::state_term(legal, &duty, Document::Contract, 0, Way::Asks(five), Some("Schedule 4, paragraph 2.6")).await?;
        let recordings = authority_data::model::Details {
            made_because_of_contract: "yes".to_owned(),
            held_because_of_contract: "yes".to_owned(),
            personal_data: "yes".to_owned(),
            authority_controls: "yes".to_owned(),
            medium: "spoken".to_owned(),
            ..authority_data::model::Details::of("Recordings of help-desk calls")
        };
        authority_data::act::add(controller, contract, &recordings).await?;
        let terms = data_protection::model::Details {
            processing: Some("Bookings are taken, changed and refunded. Each is kept for thirteen months.".to_owned()),
            data_and_people: Some("Names, telephone numbers and crossings of travellers.".to_owned()),
            terms: "On written instructions only. Sub-processors with consent. Incidents are told at once. Everything is returned or deleted at the end.".to_owned(),
            foi_at: Some("Clause 22".to_owned()),
            foi: "The authority answers requests. The supplier sends what it holds within five working days.".to_owned(),
            ..data_protection::model::Details::of("Schedule 9, data protection", today.saturating_add(Span::new().months(10)))
        };
        data_protection::act::add(legal, contract, &terms).await?;
        let encrypted = measure::model::Details {
            state: "in_place".to_owned(),
            description: "Every laptop and server disk of the booking service is encrypted; keys are kept apart.".to_owned(),
            ..measure::model::Details::of("Disks are encrypted", today.saturating_add(Span::new().months(9)))
        };
        measure::act::add(controller, contract, &encrypted).await?;
        Ok(())
    }
}
