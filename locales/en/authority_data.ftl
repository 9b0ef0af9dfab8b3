# Words for the decision whether information is authority data (crates/rules). A reason's id is rule-authority-data-<rule>; a missing fact's is
# rule-authority-data-missing-<path>. Arguments are the facts used, yes, no or not-known; medium and outcome as codes with dashes.

rule-authority-data-outcome-authority-data = This is authority data.
rule-authority-data-outcome-not-authority-data = By these facts this is not authority data.
rule-authority-data-outcome-undetermined = We cannot tell yet. The facts named as missing could change the answer.

rule-authority-data-limb-received = Received from the authority or for it
rule-authority-data-limb-because-of-contract = Made, processed, held or passed on because of the contract
rule-authority-data-limb-personal-data = Personal data that the authority controls

## Authority data: what makes it so, or does not

rule-authority-data-received-from-authority = You received it from the authority. That is enough.
rule-authority-data-received-for-authority = You received it from others on the authority’s behalf. That is enough.
rule-authority-data-not-received = You received it neither from the authority nor on its behalf.
rule-authority-data-made-because-of-contract = You made it because of the contract. That is enough, even if nobody gave it to you.
rule-authority-data-processed-because-of-contract = You process it because of the contract. That is enough.
rule-authority-data-held-because-of-contract = You hold it because of the contract. That is enough.
rule-authority-data-passed-on-because-of-contract = You pass it on because of the contract. That is enough.
rule-authority-data-not-because-of-contract = The contract is not why you made, process, hold or pass on this information.
rule-authority-data-personal-data-controlled = It is personal data, and the authority is its controller. That is enough.
rule-authority-data-controlled-by-others = The authority is not its controller. So this test alone does not make it authority data.
rule-authority-data-no-personal-data = It is not personal data. So it does not matter who controls it.

## Authority data: what follows

rule-authority-data-any-medium = { $medium ->
    [electronic] It is electronic.
    [paper] It is on paper.
    [spoken] It is spoken.
    [other] It has another form.
   *[not-known] Its form was not given.
  } The form never changes the answer: spoken, written, printed and electronic information all count.
rule-authority-data-until-known = Treat it as authority data until the answer is known. Ask the authority where you are in doubt.
rule-authority-data-other-decisions = { $outcome ->
    [authority-data] Other decisions use this answer: on incidents, on access and on work abroad.
   *[not-authority-data] Other decisions use this answer. They may ask about systems, services and property as well, which it does not settle.
  }

## Authority data: missing facts

rule-authority-data-missing-received-from-authority = Say whether you received it from the authority.
rule-authority-data-missing-received-for-authority = Say whether you received it from others on the authority’s behalf.
rule-authority-data-missing-made-because-of-contract = Say whether you made it because of the contract.
rule-authority-data-missing-processed-because-of-contract = Say whether you process it because of the contract.
rule-authority-data-missing-held-because-of-contract = Say whether you hold it because of the contract.
rule-authority-data-missing-passed-on-because-of-contract = Say whether you pass it on because of the contract.
rule-authority-data-missing-personal-data = Say whether it is personal data.
rule-authority-data-missing-authority-controls = Say whether the authority is its controller.
