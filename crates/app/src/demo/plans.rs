//! How the second contract's lead does its work: a security plan that was agreed, one change of it that is considered and one that is asked for; and what
//! the authority ruled on a duty.

use std::collections::BTreeSet;

use jiff::Span;
use platform::Result;
use rules::governing::Demand;
use rules::plan_change::Added;
use serde_json::{Value, json};
use uuid::Uuid;

use super::filling::fill;
use super::story::{SECURITY, Teller};
use crate::plan::act as plans;
use crate::plan::model::{PLAN, Plans};
use crate::plan_change::act as changes;
use crate::plan_change::model::{CHANGE, Changes, Notice};
use crate::ruling::act as rulings;
use crate::ruling::model::{Giving, RULING, Rule, Says};

const LEAD: &str = "Carys Pike";

impl Teller {
    /// The plan of the lead at `place`, of one of its sites, handed in and agreed; then its changes.
    pub(super) async fn plans(&self, place: Uuid, site: Uuid) -> Result<()> {
        let (lead, security) = (self.as_of(LEAD)?, self.as_of("security")?);
        let plan = plans::begin(lead, place).await?;
        fill::<Plans>(lead, plan, self.lights(site)).await?;
        plans::submit(lead, plan, self.stands(&PLAN, plan).await?, true, None).await?;
        self.later(1);
        plans::agree(security, plan, self.stands(&PLAN, plan).await?, "It covers what we ask for; the restore test is dated.").await?;
        self.later(1);
        let heard = Notice {
            title: "Logs of lights sent to a new collector".to_owned(),
            added: BTreeSet::from([Added::System]),
            handles: Some(false),
            about: "The maker of the lamps offers to collect their error logs. Nothing of the authority's is in them.".to_owned(),
            expected: Some(self.core.clock.today().saturating_add(Span::new().months(8))),
        };
        changes::notify(lead, place, &heard, &[]).await?;
        let asked = changes::begin(lead, place, &[]).await?;
        fill::<Changes>(lead, asked, self.spare_line()).await?;
        changes::submit(lead, asked, self.stands(&CHANGE, asked).await?, true, None).await?;
        Ok(())
    }

    /// A question about a rule that was ruled on, and one that waits.
    pub(super) async fn rulings(&self, place: Uuid) -> Result<()> {
        let (lead, security) = (self.as_of(LEAD)?, self.as_of("security")?);
        let rule = |obligation: &str| Rule { pack: SECURITY.to_owned(), obligation: obligation.to_owned() };
        let copies = rule("no_electronic_retention_without_ruling");
        let ruled = rulings::ask(lead, place, Some(&copies), "May we keep photographs of damaged lamps, and for how long?").await?;
        self.later(2);
        let allowed = Giving {
            from: self.core.clock.today(),
            until: None,
            says: Says {
                asks: Some(Demand::Text { text: "Photographs of lamps and buoys alone, for a year, on the yard's own store.".to_owned() }),
                allows: Some(true),
                reason: "They show nobody, and repairs are argued about for months.".to_owned(),
            },
            replaces: Vec::new(),
        };
        rulings::rule(security, ruled, self.stands(&RULING, ruled).await?, &allowed).await?;
        let waits = "Does a list of lamp numbers count as media that we have to register?";
        rulings::ask(lead, place, Some(&rule("keep_media_register")), waits).await?;
        Ok(())
    }

    fn contact() -> Value {
        json!({
            "name": "Carys Pike", "role": "Operations director", "organisation": "Capstan Group", "email": "carys.pike@capstan.example",
            "telephone": "01632 960118", "address": "North Pier, Amble", "responsibility": "Answers for security.",
        })
    }

    /// Answers to the form of a plan.
    fn lights(&self, site: Uuid) -> Value {
        let today = self.core.clock.today();
        json!({
            "plan_title": "Harbour lights",
            "first_contact": Self::contact(),
            "out_of_hours": "The watch room at the yard, 01632 960119",
            "malware_products": [{ "malware_product": "Sentry of Bollard Ltd", "malware_covers": "Laptops and the telemetry server", "malware_updates": "daily" }],
            "malware_uncovered": "The lamps' own controllers, which run nothing that is installed.",
            "iso_asked": false,
            "scope_work": "Positions and faults of lights and buoys, received by radio and kept for the authority.",
            "scope_programmes": "all under the contract",
            "scope_personal": false,
            "responsible": "The operations director, and the watch leader on each shift. Each names who stands in.",
            "risk_review": "In March and September, by the director with the watch leaders; the list is kept in the yard's safe.",
            "premises": [{ "premises_site": site.to_string(), "premises_use": ["people"], "premises_protection": "A fence with cameras; the watch room has a lock of its own." }],
            "home_working": false,
            "people_checks": "Identity, right to work and three years of history, before the first shift.",
            "people_statements": "Signed on the first day, kept by the office, and binding after they leave.",
            "people_training": "On the first day, then each spring.",
            "access_granting": "By the watch leader, for the role, until the last shift.",
            "access_watching": "The director reads the list of accounts each month.",
            "systems": [{ "system_name": "Telemetry server", "system_run_by": "Capstan Group", "system_countries": ["GB"], "system_protection": "Reached from the watch room alone, and patched in the first week of each month." }],
            "fault_detection": "Alerts go to the watch room, which decides within the hour and calls the director.",
            "holding": "On the telemetry server; printed charts stay in the watch room.",
            "transfer_routes": "The radio network and a private line to the authority.",
            "retention": "Two years, then wiped, with an entry in the yard's log.",
            "chain_used": false,
            "offshore_used": false,
            "incident_procedure": "The watch room calls the authority at once, by day and night.",
            "caller_procedure": "The watch room calls back by the number in its register.",
            "backups": "Each night to a second disk in the office; restored as a test twice a year.",
            "continuity": "The office can run the watch from paper charts for three days.",
            "known_how": ["read"],
            "known_proof": "Each watch signs the sheet that lies with the plan.",
            "known_to": 14,
            "tests": [{
                "test_kind": "exercise", "test_scope": "A restore of the telemetry server", "test_every": "yearly",
                "test_next": today.saturating_add(Span::new().months(9)).to_string(), "test_by": "The watch leaders",
            }],
            "test_results": "The director decides what is done; each action has a name and a day.",
        })
    }

    /// Answers to the request for a change.
    fn spare_line(&self) -> Value {
        let today = self.core.clock.today();
        json!({
            "change_title": "A second line to the authority",
            "completed_by": "Carys Pike, operations director",
            "supplier_director": "Hal Penrose",
            "change_contact": Self::contact(),
            "description": "One private line carries all telemetry. A second one, by another road, takes over when it fails.",
            "aspects": ["systems"],
            "offshore": false,
            "dates": {
                "from": today.saturating_add(Span::new().months(6)).to_string(),
                "to": today.saturating_add(Span::new().months(7)).to_string(),
            },
            "programmes": "all",
            "software": false,
            "people_affected": false,
            "sites_affected": false,
            "data_effect": "no",
            "data_untouched": "What goes over the line is the same, and is encrypted as before.",
            "holding_changes": false,
            "testing": "no",
            "testing_reason": "The line is tested by its maker before it is handed over.",
            "penetration_testing": "no",
            "penetration_reason": "The yearly test covers both lines.",
            "service_lost": false,
        })
    }
}
