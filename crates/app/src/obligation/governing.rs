//! Which document governs a duty (SEC-1): what pack, contract and agreed plan ask of it and what was ruled, put before [`rules::governing`].

use platform::cases::Case;
use platform::{Cx, Error, Result};
use rules::governing::{Ask, Decision, Facts, Ruling, decide};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::store::Duty;
use super::terms::{self, Document, Term, Way};
use crate::ruling;
use crate::ruling::model::{Given, Rule, Stands};

/// What governs a duty, and all that says so.
#[derive(Debug, Clone)]
pub struct Governs {
    /// The answer with its reasons.
    pub decision: Decision,
    /// What was put before the rule.
    pub facts: Facts,
    /// What is recorded of the contract.
    pub contract: Term,
    /// What is recorded of the plan, be it of an earlier version.
    pub plan: Term,
    /// The version of the plan to work by there, if one was agreed.
    pub in_force: Option<Case>,
    /// Every ruling on it under its contract, the first given first.
    pub rulings: Vec<Given>,
}

/// The rule that a duty is.
pub fn rule_of(duty: &Duty) -> Rule {
    Rule { pack: duty.row.pack.clone(), obligation: duty.row.obligation.clone() }
}

/// What governs a duty today.
///
/// # Errors
/// [`Error::NotFound`] when the edition that had it is gone; when the database fails.
pub async fn of<C: ConnectionTrait>(cx: &Cx, db: &C, duty: &Duty) -> Result<Governs> {
    let obligation = duty.obligation().ok_or(Error::NotFound)?;
    let contract = terms::get(db, duty.row.contract, duty, Document::Contract).await?;
    let in_force = match duty.row.place {
        Some(place) => terms::plan_at(db, place).await?,
        None => None,
    };
    let plan = match in_force.as_ref().and_then(|plan| plan.place) {
        Some(at) => terms::get(db, at, duty, Document::Plan).await?,
        None => Term::default(),
    };
    let rulings = ruling::store::on_rule(cx, db, duty.row.contract, &rule_of(duty)).await?;
    let today = cx.core().clock.today();
    let of_pack = Ask::of_duty(obligation);
    let pack = match duty.row.state.as_str() {
        // The authority decided that it does not apply here.
        "not_applicable" => Ask::NOTHING,
        _ => Ask { applies: duty.row.certain.then_some(true), ..of_pack.clone() },
    };
    let of_plan = match &in_force {
        None => Ask::NOTHING,
        // What an earlier version asked says nothing of this one.
        Some(now) if plan.plan != Some(now.id) => Ask::default(),
        Some(_) => asked(&plan.way, &of_pack),
    };
    let clock = &cx.core().clock;
    let holding = rulings.iter().filter(|given| given.stands(today) == Stands::Holds);
    let ruled = holding.filter_map(|given| {
        let says = given.says.as_ref()?;
        Some(Ruling {
            reference: given.reference.clone(),
            day: clock.date_of(given.at),
            this_contract: true,
            asks: says.asks.clone(),
            allows: says.allows,
        })
    });
    let facts = Facts {
        contract: asked(&contract.way, &of_pack),
        plan: of_plan,
        pack,
        rulings: Some(ruled.collect()),
        blocked_until_ruling: Some(obligation.blocked_until_ruling),
    };
    Ok(Governs { decision: decide(&facts), facts, contract, plan, in_force, rulings })
}

fn asked(way: &Way, pack: &Ask) -> Ask {
    match way {
        Way::Unknown => Ask::default(),
        Way::Nothing => Ask::NOTHING,
        Way::Same => pack.clone(),
        Way::Asks(demand) => Ask { applies: Some(true), asks: Some(demand.clone()) },
    }
}

impl Governs {
    /// Where what a document says is kept: with the contract, or with the place whose plan is in force. None where there is no such plan.
    pub fn kept_at(&self, duty: &Duty, document: Document) -> Option<Uuid> {
        match document {
            Document::Contract => Some(duty.row.contract),
            Document::Plan => self.in_force.as_ref().and_then(|plan| plan.place),
        }
    }

    /// What is recorded of a document.
    pub fn term(&self, document: Document) -> &Term {
        match document {
            Document::Contract => &self.contract,
            Document::Plan => &self.plan,
        }
    }

    /// Whether what is recorded of the plan was read in an earlier version than the one in force.
    pub fn plan_is_earlier(&self) -> bool {
        self.plan.plan.is_some() && self.plan.plan != self.in_force.as_ref().map(|plan| plan.id)
    }
}
