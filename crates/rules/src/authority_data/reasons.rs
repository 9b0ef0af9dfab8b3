//! Why: each reason with its paragraphs, in the order in which people read them. The words are in `locales/en/authority_data.ftl`.

use super::{Fact, Facts, Limb, Medium, Outcome};
use crate::decision::{Args, Reason, Rule, rules};

rules! {
    RECEIVED_FROM_AUTHORITY = "received_from_authority" ["SEC-9b", "OFF-2b"];
    RECEIVED_FOR_AUTHORITY = "received_for_authority" ["SEC-9b", "OFF-2b"];
    NOT_RECEIVED = "not_received" ["SEC-9b", "OFF-2b"];
    MADE = "made_because_of_contract" ["SEC-9b", "OFF-2b"];
    PROCESSED = "processed_because_of_contract" ["SEC-9b", "OFF-2b"];
    HELD = "held_because_of_contract" ["SEC-9b", "OFF-2b"];
    PASSED_ON = "passed_on_because_of_contract" ["SEC-9b", "OFF-2b"];
    NOT_BECAUSE_OF_CONTRACT = "not_because_of_contract" ["SEC-9b", "OFF-2b"];
    PERSONAL_DATA_CONTROLLED = "personal_data_controlled" ["SEC-9b", "OFF-2b"];
    CONTROLLED_BY_OTHERS = "controlled_by_others" ["SEC-9b", "OFF-2b"];
    NO_PERSONAL_DATA = "no_personal_data" ["SEC-9b", "OFF-2b"];
    ANY_MEDIUM = "any_medium" ["SEC-9b", "OFF-2b"];
    UNTIL_KNOWN = "until_known" ["SEC-9b", "SEC-36"];
    OTHER_DECISIONS = "other_decisions" ["SEC-9b", "OFF-2b"];
}

/// All reasons for this outcome. What a limb lacks is of interest while the limbs decide, and not once one holds.
pub(super) fn because(facts: &Facts, outcome: Outcome) -> Vec<Reason> {
    let yes = |fact: Fact| facts.says(fact) == Some(true);
    let lacks = |limb: Limb| outcome != Outcome::AuthorityData && facts.limb(limb).truth().is_false();
    // Said whatever the outcome, where people know that it is data about people: their control may be taken for a reason against it.
    let of_others =
        facts.authority_controls == Some(false) && (yes(Fact::PersonalData) || lacks(Limb::PersonalData) && facts.personal_data.is_none());
    let spoken = [
        (yes(Fact::ReceivedFromAuthority), RECEIVED_FROM_AUTHORITY),
        (yes(Fact::ReceivedForAuthority), RECEIVED_FOR_AUTHORITY),
        (lacks(Limb::Received), NOT_RECEIVED),
        (yes(Fact::Made), MADE),
        (yes(Fact::Processed), PROCESSED),
        (yes(Fact::Held), HELD),
        (yes(Fact::PassedOn), PASSED_ON),
        (lacks(Limb::BecauseOfContract), NOT_BECAUSE_OF_CONTRACT),
        (yes(Fact::PersonalData) && yes(Fact::AuthorityControls), PERSONAL_DATA_CONTROLLED),
        (of_others, CONTROLLED_BY_OTHERS),
        (lacks(Limb::PersonalData) && facts.personal_data == Some(false), NO_PERSONAL_DATA),
        (true, ANY_MEDIUM),
        (outcome == Outcome::Undetermined, UNTIL_KNOWN),
        (outcome != Outcome::Undetermined, OTHER_DECISIONS),
    ];
    let used = facts_used(facts, outcome);
    spoken.into_iter().filter(|(speaks, _)| *speaks).map(|(_, rule): (bool, Rule)| rule.said(used.clone())).collect()
}

/// The facts as the arguments of messages.
fn facts_used(facts: &Facts, outcome: Outcome) -> Args {
    let medium = facts.medium.map_or("not-known", Medium::code);
    let says = |fact: Fact| facts.says(fact).map_or("not-known", |value| if value { "yes" } else { "no" });
    let facts = Fact::ALL.into_iter().map(|fact| (fact.path(), says(fact)));
    facts.chain([("medium", medium), ("outcome", outcome.code())]).map(|(name, value)| (name.to_owned(), value.replace('_', "-"))).collect()
}
