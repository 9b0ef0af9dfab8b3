# Words for the decision whether a change of the security plan is called for, and whether it and its proposal may take effect (crates/rules). A reason's
# id is rule-plan-change-<rule> or rule-plan-change-complete-<rule>; a missing fact's has missing-<path> in its place. added and blocker are codes with
# dashes.

rule-plan-change-outcome-change-request = A change request is called for. Wait for agreement before the change takes effect.
rule-plan-change-outcome-notice = A notice is called for. The authority ends it, as no plan change or in a change request.
rule-plan-change-outcome-none = The plan stays as it is.
rule-plan-change-outcome-undetermined = We cannot tell yet. The facts named as missing could change the answer.

rule-plan-change-added-site = A site
rule-plan-change-added-system = A system
rule-plan-change-added-sub-contractor = A sub-contractor
rule-plan-change-added-transfer-route = A transfer route
rule-plan-change-added-offshore-element = An offshore element
rule-plan-change-added-person-group = A group of people
rule-plan-change-added-other = Another change to an aspect of the plan

rule-plan-change-further-training = How the people affected are trained
rule-plan-change-further-testing = How the change is tested, with penetration tests
rule-plan-change-further-protection = How data is protected during the change, and how it is held afterwards
rule-plan-change-further-continuity = What you do while the service is lost

## Changes of the plan: what calls for one

rule-plan-change-nothing-added = Nothing was added, and nothing is considered.
rule-plan-change-handles-authority-data = It handles authority data. So the plan has to say how.
rule-plan-change-handles-not-known = Nobody has said yet whether it handles authority data.
rule-plan-change-refines-the-plan = An aspect of the plan changes. Every such change is requested, with authority data or without.
rule-plan-change-may-affect = { $added ->
    [site] A new site
    [system] A new system
    [sub-contractor] A new sub-contractor
    [transfer-route] A new transfer route
   *[offshore-element] An offshore element
  } may affect how authority data is handled. So the authority is told at least.
rule-plan-change-people-without-data = The people who were added handle no authority data. So the plan stays as it is.
rule-plan-change-notice-first = Tell the authority as soon as you merely consider it.
rule-plan-change-notice-ends = The authority ends the notice as no plan change, with its reason, or asks for a change request.
rule-plan-change-new-version = Once the change is agreed, the plan has a new version.
rule-plan-change-proposal = Part of it is offshore. Open a proposal for work abroad, or link the open one. Neither takes effect without the other.

## Changes of the plan: what the request has to say further

rule-plan-change-training = People are affected. Say how they are trained.
rule-plan-change-testing = Software changes. Say how it is tested, with penetration tests.
rule-plan-change-protection = Authority data is held during the change. Say how it is protected, and how it is held afterwards.
rule-plan-change-continuity = A service is lost during the change. Say how long, and what you do meanwhile.

## Changes of the plan: missing facts

rule-plan-change-missing-added = Say what was added or is considered.
rule-plan-change-missing-handles-authority-data = Say whether any of it handles authority data.

## Changes and their proposals: outcomes

rule-plan-change-complete-outcome-complete = It may take effect.
rule-plan-change-complete-outcome-blocked = It may not take effect yet.
rule-plan-change-complete-outcome-undetermined = We cannot tell yet. The facts named as missing could change the answer.

rule-plan-change-complete-blocker-change-not-opened = The change was not opened
rule-plan-change-complete-blocker-change-open = The change is not decided on
rule-plan-change-complete-blocker-change-declined = The change was declined
rule-plan-change-complete-blocker-change-withdrawn = The change was withdrawn
rule-plan-change-complete-blocker-not-linked = The change and the proposal are not linked
rule-plan-change-complete-blocker-proposal-not-opened = The proposal was not opened
rule-plan-change-complete-blocker-proposal-open = The proposal is not decided on
rule-plan-change-complete-blocker-proposal-declined = The proposal was declined
rule-plan-change-complete-blocker-proposal-withdrawn = The proposal was withdrawn

## Changes and their proposals: reasons

rule-plan-change-complete-change-agreed = The change was agreed.
rule-plan-change-complete-no-plan-change = The notice ended as no plan change. So there is no change to wait for.
rule-plan-change-complete-no-proposal-needed = Nothing of it is offshore, and no proposal is linked. So none is waited for.
rule-plan-change-complete-proposal-approved = The proposal was approved.
rule-plan-change-complete-not-offshoring = The proposal turned out to be no offshoring. So it holds up nothing.
rule-plan-change-complete-blocker = { $blocker ->
    [change-not-opened] The change was not opened. Open it.
    [change-open] The change is not decided on. Wait for the decision.
    [change-declined] The change was declined. Withdraw the proposal, or ask for another change.
    [change-withdrawn] The change was withdrawn. Withdraw the proposal, or ask for another change.
    [not-linked] The change and the proposal are not linked. Link them.
    [proposal-not-opened] The proposal for the work abroad was not opened. Open it.
    [proposal-open] The proposal is not decided on. Wait for the decision.
    [proposal-declined] The proposal was declined. Withdraw the change, or leave out what is offshore.
   *[proposal-withdrawn] The proposal was withdrawn. Withdraw the change, or leave out what is offshore.
  }
rule-plan-change-complete-together = Neither the change nor the proposal takes effect without the other.

## Changes and their proposals: missing facts

rule-plan-change-complete-missing-offshore = Say whether any of it is offshore.
rule-plan-change-complete-missing-linked = Say whether the change and a proposal are linked.
rule-plan-change-complete-missing-change = Say where the change stands.
rule-plan-change-complete-missing-proposal = Say where the proposal stands.
