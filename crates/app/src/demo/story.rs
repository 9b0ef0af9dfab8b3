//! Who is in the story, and what happens.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use platform::authz::{Actor, Side};
use platform::cases::lifecycle::Kind;
use platform::cases::rounds::NewPoint;
use platform::cases::store as cases;
use platform::clock::{DAY, HOUR};
use platform::files::{self, AtHand, To};
use platform::{Core, Cx, Error, Result};
use rules::risk::{Judgement, Point, Risk};
use serde_json::Value;
use uuid::Uuid;

use super::answers;
use super::filling::fill;
use crate::account::act as account;
use crate::casework;
use crate::casework::writing::Writing;
use crate::contract::act as contracts;
use crate::contract::model::Details as Contract;
use crate::obligation as duties;
use crate::offshoring::Proposals;
use crate::offshoring::act::{self, Approving, Recommending};
use crate::offshoring::model::{METHOD, PROPOSAL};
use crate::offshoring::store as proposals;
use crate::pack::model::Packs;
use crate::party::act as parties;
use crate::party::model::Details as Party;
use crate::site::act as sites;
use crate::site::model::Details as Site;
use crate::subprocessor::act as subprocessors;
use crate::subprocessor::model::Details as Used;

/// Somebody in the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// Name.
    pub name: &'static str,
    /// Role, by code.
    pub role: &'static str,
    /// The party they belong to.
    pub party: &'static str,
    /// Address; it receives nothing.
    pub email: &'static str,
}

/// The authority of the story.
pub const AUTHORITY: &str = "Department of Crossings";
/// Whom its users can ask.
pub const CONTACT: &str = "supplier.security@crossings.example";
/// The pack of duties of security.
pub(super) const SECURITY: &str = "provider_security";
pub(super) const HALYARD: &str = "Halyard Systems";
pub(super) const BOWLINE: &str = "Bowline Support";
pub(super) const CAPSTAN: &str = "Capstan Group";
const FAIRLEAD: &str = "Fairlead Digital";

const fn person(name: &'static str, role: &'static str, party: &'static str, email: &'static str) -> Person {
    Person { name, role, party, email }
}

/// Everybody: each role of the authority, two suppliers, a sub-contractor and a bidder.
pub(super) const CAST: [Person; 15] = [
    person("Ada Penhallow", "administrator", AUTHORITY, "ada.penhallow@crossings.example"),
    person("Soren Vale", "security", AUTHORITY, "soren.vale@crossings.example"),
    person("Mina Okafor", "contract_manager", AUTHORITY, "mina.okafor@crossings.example"),
    person("Jude Ferris", "assessor", AUTHORITY, "jude.ferris@crossings.example"),
    person("Petra Lindqvist", "procurement_lead", AUTHORITY, "petra.lindqvist@crossings.example"),
    person("Oren Hale", "owner", AUTHORITY, "oren.hale@crossings.example"),
    person("Ruth Calloway", "management", AUTHORITY, "ruth.calloway@crossings.example"),
    person("Lena Marsh", "legal", AUTHORITY, "lena.marsh@crossings.example"),
    person("Dev Ashby", "data_controller", AUTHORITY, "dev.ashby@crossings.example"),
    person("Iris Quill", "internal_audit", AUTHORITY, "iris.quill@crossings.example"),
    person("Ash Marlow", "supplier_lead", HALYARD, "ash.marlow@halyard.example"),
    person("Bo Kinsey", "supplier_member", HALYARD, "bo.kinsey@halyard.example"),
    person("Carys Pike", "supplier_lead", CAPSTAN, "carys.pike@capstan.example"),
    person("Nadia Rowe", "supplier_lead", BOWLINE, "nadia.rowe@bowline.example"),
    person("Tomas Vey", "supplier_lead", FAIRLEAD, "tomas.vey@fairlead.example"),
];

/// The world of the story as it is told.
pub(super) struct Teller {
    pub(super) core: Arc<Core>,
    parties: BTreeMap<&'static str, Uuid>,
    people: BTreeMap<&'static str, Cx>,
}

/// Tells the story into an empty database. The core's clock must be one turned by hand, standing some months ago.
///
/// # Errors
/// When a step of the story is refused: the demonstration is then of no use.
pub async fn tell(core: &Arc<Core>) -> Result<()> {
    let mut teller = Teller { core: core.clone(), parties: BTreeMap::new(), people: BTreeMap::new() };
    teller.parties().await?;
    teller.people().await?;
    let (halyard, bowline, capstan) = teller.contracts().await?;
    let (pune, yard) = teller.sites().await?;
    teller.holdings().await?;
    teller.duties(halyard).await?;
    teller.terms(halyard, SECURITY).await?;
    core.clock.advance(7 * DAY);
    teller.decided(halyard).await?;
    teller.under_way(halyard, bowline, capstan, pune).await?;
    teller.subprocessors().await?;
    teller.plans(capstan, yard).await?;
    teller.rulings(capstan).await?;
    teller.tender().await?;
    teller.reported(bowline).await?;
    teller.incident(bowline).await
}

impl Teller {
    pub(super) fn as_of(&self, role: &str) -> Result<&Cx> {
        self.people.get(role).ok_or_else(|| Error::internal(format!("the story has nobody who is {role}")))
    }

    pub(super) fn party(&self, name: &str) -> Result<Uuid> {
        self.parties.get(name).copied().ok_or_else(|| Error::internal(format!("the story has no {name}")))
    }

    async fn parties(&mut self) -> Result<()> {
        let cx = Cx::new(&self.core, Actor::Operator)?;
        let of = |name: &str, country: &str, number: Option<&str>, class: Option<&str>| Party {
            country: Some(country.to_owned()),
            company_number: number.map(str::to_owned),
            class: class.map(str::to_owned),
            ..Party::named(name)
        };
        self.parties.insert(AUTHORITY, parties::add(&cx, Side::Authority, &of(AUTHORITY, "GB", None, None)).await?);
        for (name, country, number) in [
            (HALYARD, "GB", Some("09184410")),
            (BOWLINE, "IN", None),
            (CAPSTAN, "GB", Some("11402877")),
            (FAIRLEAD, "GB", Some("12660142")),
        ] {
            let id = parties::add(&cx, Side::Supplier, &of(name, country, number, None)).await?;
            self.parties.insert(name, id);
        }
        Ok(())
    }

    async fn people(&mut self) -> Result<()> {
        let operator = Cx::new(&self.core, Actor::Operator)?;
        for person in CAST {
            let party = self.party(person.party)?;
            let invite = account::Invite {
                email: person.email.to_owned(),
                name: person.name.to_owned(),
                party,
                role: person.role.to_owned(),
                read_only: false,
                ends_on: None,
            };
            let id = account::demo_account(&operator, &invite).await?;
            let key = if person.party == AUTHORITY { person.role } else { person.name };
            self.people.insert(key, super::acting(&self.core, id).await?);
        }
        Ok(())
    }

    /// Three contracts with their chains and packs; the places of the suppliers on the first two.
    async fn contracts(&self) -> Result<(Uuid, Uuid, Uuid)> {
        let manager = self.as_of("contract_manager")?;
        let authority = self.party(AUTHORITY)?;
        let of = |title: &str, reference: &str, text: &str, minor: i64| Contract {
            reference: Some(reference.to_owned()),
            description: Some(text.to_owned()),
            signed_on: Some(Date::constant(2026, 3, 16)),
            starts_on: Some(Date::constant(2026, 4, 1)),
            ends_on: Some(Date::constant(2029, 3, 31)),
            value_minor: Some(minor),
            currency: Some("GBP".to_owned()),
            state: "active".to_owned(),
            manager: manager.actor.account().map(|a| a.account),
            ..Contract::titled(authority, title)
        };
        let ferry = contracts::add(
            manager,
            &of("Ferry bookings", "CR-2026-014", "Bookings, tickets and the help desk for every crossing.", 480_000_000),
        )
        .await?;
        let lights =
            contracts::add(manager, &of("Harbour lights", "CR-2026-021", "Upkeep of lights and buoys, with their telemetry.", 125_000_000))
                .await?;
        let survey = contracts::add(manager, &of("Passenger survey", "CR-2026-030", "A yearly survey of passengers.", 9_500_000)).await?;
        // The built-in ones: the answers of the story are to their forms, whatever else an operator has installed.
        let built_in = Packs::load(Path::new(""))?;
        let edition = |pack: &str| built_in.newest(pack).map(|pack| pack.edition.clone()).unwrap_or_default();
        let (offshoring, security) = (edition("offshoring"), edition(SECURITY));
        let why = Some("The re-issued policy has not been seen yet; until then this edition is agreed with the supplier.");
        for contract in [ferry, lights, survey] {
            contracts::put_pack(manager, contract, "offshoring", &offshoring, why).await?;
        }
        for contract in [ferry, lights] {
            contracts::put_pack(manager, contract, SECURITY, &security, why).await?;
        }
        let joining = |party: Uuid, above: Option<Uuid>, text: &str| contracts::Joining {
            party,
            above,
            role_text: Some(text.to_owned()),
            since: Some(Date::constant(2026, 4, 1)),
        };
        let halyard = contracts::add_place(manager, ferry, &joining(self.party(HALYARD)?, None, "Runs the booking service")).await?;
        let bowline = contracts::add_place(manager, ferry, &joining(self.party(BOWLINE)?, Some(halyard), "Answers at night")).await?;
        let capstan = contracts::add_place(manager, lights, &joining(self.party(CAPSTAN)?, None, "Keeps the lights")).await?;
        contracts::add_place(manager, survey, &joining(self.party(HALYARD)?, None, "Asks the passengers")).await?;
        Ok((halyard, bowline, capstan))
    }

    /// The suppliers' sites, each added by its lead; the office in Pune and the yard.
    async fn sites(&self) -> Result<(Uuid, Uuid)> {
        let pune = Site {
            people: 46,
            home_workers: Some(9),
            home_managed: Some("Managed laptops that keep nothing; a supervisor calls in each day.".to_owned()),
            other_authority: Some("None.".to_owned()),
            other_clients: Some("A travel agency on another floor, with its own network.".to_owned()),
            clearance: Some("None is asked for.".to_owned()),
            employment_checks: Some("Identity, five years of history, criminal record; made by the personnel office.".to_owned()),
            certification: Some("Information security management, whole site, to 30 June 2027.".to_owned()),
            ..Site::of("Pune office", "office", "IN", "4 Station Road, Pune")
        };
        let ash = self.as_of("Ash Marlow")?;
        let id = sites::add(ash, self.party(HALYARD)?, &pune).await?;
        let others = [
            ("Ash Marlow", HALYARD, Site { people: 120, ..Site::of("Whitby house", "office", "GB", "1 Quay Street, Whitby") }),
            ("Nadia Rowe", BOWLINE, Site { people: 30, ..Site::of("Night desk", "contact_centre", "IN", "22 Park Lane, Nagpur") }),
            ("Carys Pike", CAPSTAN, Site { people: 2, ..Site::of("Lisbon region", "data_centre", "PT", "Town of Lisbon; Rua do Cais 2") }),
            (
                "Carys Pike",
                CAPSTAN,
                Site { state: "closed".to_owned(), ..Site::of("Old chart store", "archive", "GB", "3 Mill Lane, Amble") },
            ),
        ];
        for (who, party, site) in others {
            sites::add(self.as_of(who)?, self.party(party)?, &site).await?;
        }
        let yard = Site { people: 14, ..Site::of("Harbour yard", "office", "GB", "North Pier, Amble") };
        Ok((id, sites::add(self.as_of("Carys Pike")?, self.party(CAPSTAN)?, &yard).await?))
    }

    /// What is known of the first contract, and what its lead shows of its duties.
    async fn duties(&self, place: Uuid) -> Result<()> {
        let (manager, lead) = (self.as_of("contract_manager")?, self.as_of("Ash Marlow")?);
        let contract = crate::contract::store::place(lead.db(), place).await?.row.contract;
        let known = [("personal_data", true), ("vulnerable_people", false), ("named_access", true), ("cv_sharing", false)];
        let known = known.into_iter().map(|(fact, so)| (fact.to_owned(), so.into())).collect();
        contracts::state_facts(manager, contract, SECURITY, 0, &known).await?;
        let today = self.core.clock.today();
        for (duty, evidence, found_at) in [
            ("sign_confidentiality_agreement", "The agreement, signed by both sides.", "Contract file, annex C"),
            ("keep_security_plan", "Security plan, version 3, agreed by the authority.", "HS-SP-003"),
            ("declare_vetting_yearly", "Declaration for everybody on the booking service.", "HS-VET-2026"),
            ("keep_anti_malware", "List of products and versions, checked this month.", "Asset register, sheet 2"),
        ] {
            let of = duties::store::get(lead, place, SECURITY, duty).await?;
            let shown = duties::act::Evidence {
                met_on: today,
                evidence: evidence.to_owned(),
                found_at: Some(found_at.to_owned()),
                covers_from: None,
                covers_to: None,
            };
            duties::act::meet(lead, &of, of.row.version, &shown).await?;
        }
        let plan = format!("{place}.{SECURITY}.keep_security_plan");
        let ends = today.saturating_add(jiff::Span::new().days(20));
        let about = files::About {
            name: "Security plan, summary of version 3.txt".to_owned(),
            covers_from: Some(today.saturating_sub(jiff::Span::new().months(11))),
            covers_to: Some(ends),
            expires_on: Some(ends),
            internal: false,
        };
        let says = "Security plan of the booking service, version 3\n\nWho answers for it: the service director.\nWhat changed: night work, and a second line to the gateway.\n";
        let received = files::receive(lead, ("obligation", &plan), &mut AtHand::new(says)).await?;
        files::add(lead, To::Thing("obligation", &plan, None), &about, &received).await?;
        Ok(())
    }

    /// Proposals that have come to an end: approved, declined, not offshoring, withdrawn.
    async fn decided(&self, place: Uuid) -> Result<()> {
        let party = self.party(HALYARD)?;
        let (manager, management) = (self.as_of("contract_manager")?, self.as_of("management")?);
        let approved = self.handed_in("Ash Marlow", place, answers::night_desk(party, "Night desk for ferry bookings")).await?;
        casework::act::write::<Proposals>(
            manager,
            approved,
            &Writing::message("Thank you. Could you say who answers when the private line is down?"),
        )
        .await?;
        casework::act::write::<Proposals>(
            self.as_of("Ash Marlow")?,
            approved,
            &Writing::message("The day team's duty manager, within 15 minutes."),
        )
        .await?;
        casework::act::write::<Proposals>(manager, approved, &Writing::note("Same set-up as their survey contract; no surprises.")).await?;
        self.brought_to_decision(approved, Recommending::Approve, "The risk left is low, and the way back is short.").await?;
        let with = Approving {
            reason: "The risk left is low and the authority can stop the work within a week.".to_owned(),
            conditions: "Tell us before the number of advisers exceeds eight.\nSend the night log to the contract manager each month."
                .to_owned(),
            more_controls: Vec::new(),
            from: Date::constant(2027, 1, 11),
            to: Date::constant(2027, 12, 31),
        };
        act::approve(management, approved, self.version(approved).await?, &with).await?;
        self.later(3);
        let declined = self.handed_in("Ash Marlow", place, answers::night_desk(party, "Fare engine hosted abroad")).await?;
        let factors =
            self.brought_to_decision(declined, Recommending::Decline, "The way back would take longer than the contract allows.").await?;
        let named: Vec<String> = factors.into_iter().take(2).collect();
        let why = "The risks named cannot be brought down far enough while fares depend on the site.";
        act::decline(management, declined, self.version(declined).await?, &named, why).await?;
        self.later(2);
        let exempt = self.handed_in("Ash Marlow", place, answers::leaflets(party, "Leaflets printed abroad")).await?;
        act::not_offshoring(manager, exempt, self.version(exempt).await?, "Nothing of ours reaches the print shop.").await?;
        self.later(2);
        let withdrawn = self.handed_in("Ash Marlow", place, answers::night_desk(party, "Weekend chat abroad")).await?;
        act::withdraw(self.as_of("Ash Marlow")?, withdrawn, self.version(withdrawn).await?, "We found the people at home.").await?;
        self.later(4);
        Ok(())
    }

    /// A contract that is not let yet, for which two parties bid.
    async fn tender(&self) -> Result<()> {
        let (procurement, today) = (self.as_of("procurement_lead")?, self.core.clock.today());
        let planned = Contract {
            reference: Some("CR-2027-003".to_owned()),
            description: Some("Signs at every quay, with the times of the next crossings.".to_owned()),
            ..Contract::titled(self.party(AUTHORITY)?, "Quayside signs")
        };
        let contract = contracts::add(procurement, &planned).await?;
        for party in [FAIRLEAD, CAPSTAN] {
            let due = today.saturating_add(jiff::Span::new().months(6));
            crate::bid::act::invite(procurement, contract, self.party(party)?, due).await?;
        }
        Ok(())
    }

    /// Whom a supplier uses for its products: one abroad, one somewhere in the EU, one at home.
    async fn subprocessors(&self) -> Result<()> {
        let party = Some(self.party(HALYARD)?);
        for (name, purpose, location) in
            [("Fathom Mail", "Letters to travellers", "US"), ("Ebb Logs", "Logs of errors", "EU"), ("Harrow Post", "Printing", "UK")]
        {
            let used = Used {
                party,
                product: "Booking desk".to_owned(),
                purpose: Some(purpose.to_owned()),
                location: Some(location.to_owned()),
                ..Used::named(name)
            };
            subprocessors::add(self.as_of("Ash Marlow")?, &used).await?;
        }
        Ok(())
    }

    /// Proposals under way, one at each stage.
    async fn under_way(&self, halyard: Uuid, bowline: Uuid, capstan: Uuid, pune: Uuid) -> Result<()> {
        let (party, other) = (self.party(HALYARD)?, self.party(CAPSTAN)?);
        let (manager, assessor) = (self.as_of("contract_manager")?, self.as_of("assessor")?);
        let refunds = answers::at_site(answers::night_desk(party, "Refund team in Pune"), pune);
        let deciding = self.handed_in("Ash Marlow", halyard, refunds).await?;
        self.brought_to_decision(deciding, Recommending::Approve, "Controls are in place and were seen to work.").await?;
        let recommending = self.handed_in("Carys Pike", capstan, answers::night_desk(other, "Telemetry watched from abroad")).await?;
        self.assessed(recommending).await?;
        let assessing = self.handed_in("Ash Marlow", halyard, answers::night_desk(party, "Test team for the mobile tickets")).await?;
        act::pass_on(manager, assessing, self.version(assessing).await?, Some("Complete. Note the new gateway.")).await?;
        if let Some(factor) = self.factors(assessor, assessing).await?.first() {
            self.judge(assessor, assessing, factor).await?;
        }
        self.later(2);
        let returned = self.handed_in("Carys Pike", capstan, answers::night_desk(other, "Buoy data kept abroad")).await?;
        let points = [NewPoint {
            section: None,
            question: Some("info_protection".to_owned()),
            text: "Say who holds the keys, and where.".to_owned(),
        }];
        act::send_back(manager, returned, self.version(returned).await?, "Two answers are too short to judge.", &points).await?;
        self.handed_in("Ash Marlow", halyard, answers::night_desk(party, "Survey calls from abroad")).await?;
        self.draft("Carys Pike", capstan, answers::begun(other, "Repairs by the maker's team")).await?;
        self.draft("Nadia Rowe", bowline, answers::begun(self.party(BOWLINE)?, "Second night shift")).await?;
        Ok(())
    }

    pub(super) fn later(&self, days: i64) {
        self.core.clock.advance(days * DAY + HOUR);
    }

    async fn version(&self, id: Uuid) -> Result<i32> {
        self.stands(&PROPOSAL, id).await
    }

    /// The version of a case, for the next step.
    pub(super) async fn stands(&self, kind: &'static Kind, id: Uuid) -> Result<i32> {
        Ok(cases::get(self.core.db.reader(), kind, id).await?.version)
    }

    async fn draft(&self, who: &str, place: Uuid, given: Value) -> Result<Uuid> {
        let cx = self.as_of(who)?;
        let id = act::begin(cx, place).await?;
        fill::<Proposals>(cx, id, given).await?;
        self.core.clock.advance(HOUR);
        Ok(id)
    }

    async fn handed_in(&self, who: &str, place: Uuid, given: Value) -> Result<Uuid> {
        let id = self.draft(who, place, given).await?;
        act::submit(self.as_of(who)?, id, self.version(id).await?, true, None).await?;
        self.core.clock.advance(3 * HOUR);
        Ok(id)
    }

    async fn factors(&self, by: &Cx, id: Uuid) -> Result<Vec<String>> {
        let case = cases::get(by.db(), &PROPOSAL, id).await?;
        let row = proposals::assessment(by, by.db(), &case).await?.ok_or_else(|| Error::internal("no assessment was begun"))?;
        let pack = act::pack_of(by, &case)?;
        let (given, _) = act::handed_in(by, by.db(), &case).await?;
        let risk = Risk::new(&pack, METHOD, &given).ok_or_else(|| Error::internal("the pack has no risk method"))?;
        let path = risk.method().paths.iter().find(|p| p.id == row.path).ok_or_else(|| Error::internal("the path is not in the pack"))?;
        Ok(risk.factors(path).iter().map(|f| f.id.clone()).collect())
    }

    async fn judge(&self, assessor: &Cx, id: Uuid, factor: &str) -> Result<()> {
        let case = cases::get(assessor.db(), &PROPOSAL, id).await?;
        let row = proposals::assessment(assessor, assessor.db(), &case).await?.ok_or_else(|| Error::internal("no assessment was begun"))?;
        let judgement = Judgement {
            factor: factor.to_owned(),
            inherent: Point { likelihood: 3, impact: 3 },
            residual: Point { likelihood: 2, impact: 2 },
            controls: vec!["allow_audit".to_owned()],
            other_controls: Vec::new(),
        };
        act::judge(assessor, id, row.version, judgement, "As the answers say, and as seen at the last visit.").await
    }

    /// Passed on, every factor judged, the assessment recorded; the factors.
    async fn assessed(&self, id: Uuid) -> Result<Vec<String>> {
        let (manager, assessor) = (self.as_of("contract_manager")?, self.as_of("assessor")?);
        act::pass_on(manager, id, self.version(id).await?, None).await?;
        self.later(1);
        let factors = self.factors(assessor, id).await?;
        for factor in &factors {
            self.judge(assessor, id, factor).await?;
        }
        act::assess(assessor, id, self.version(id).await?, "Few people, one site, nothing personal.").await?;
        self.later(1);
        Ok(factors)
    }

    async fn brought_to_decision(&self, id: Uuid, choice: Recommending, why: &str) -> Result<Vec<String>> {
        let factors = self.assessed(id).await?;
        act::recommend(self.as_of("security")?, id, self.version(id).await?, choice, why).await?;
        self.later(1);
        Ok(factors)
    }
}
