# Words for the decision which document governs an obligation on a contract (crates/rules). A reason's id is rule-governing-<rule>; a missing fact's is
# rule-governing-missing-<path>. source and other are contract, plan or pack; kind is at-most or at-least, with value and unit, or text, with text;
# reference and day are a ruling's.

rule-governing-outcome-governed = One document governs, and no other differs from it.
rule-governing-outcome-stricter-applies = The documents differ. The stricter one applies until the authority rules.
rule-governing-outcome-conflict = The documents differ and cannot be compared. Follow each as far as you can until the authority rules.
rule-governing-outcome-ruled = A ruling says what holds on this contract.
rule-governing-outcome-blocked = This stays blocked until a ruling on this contract allows it.
rule-governing-outcome-nothing-asked = Nothing is asked here.
rule-governing-outcome-undetermined = We cannot tell yet. The facts named as missing could change the answer.

rule-governing-source-ruling = Ruling
rule-governing-source-contract = Contract
rule-governing-source-plan = Agreed plan
rule-governing-source-pack = Policy pack

## What governs: what each document asks

rule-governing-asks = { $source ->
    [contract] The contract
    [plan] The agreed plan
   *[pack] The policy pack
  } { $kind ->
    [at-most] asks for at most { $value }, counted in { $unit }.
    [at-least] asks for at least { $value }, counted in { $unit }.
   *[text] says: “{ $text }”.
  }
rule-governing-asks-nothing = { $source ->
    [contract] The contract asks nothing here.
    [plan] The agreed plan asks nothing here.
   *[pack] The policy pack asks nothing here.
  }
rule-governing-asks-not-known = { $source ->
    [contract] The contract asks something here. What that is was not given.
    [plan] The agreed plan asks something here. What that is was not given.
   *[pack] The policy pack asks something here. What that is was not given.
  }

## What governs: how they compare

rule-governing-same = { $source ->
    [contract] The contract
   *[plan] The agreed plan
  } { $other ->
    [plan] asks the same as the agreed plan.
   *[pack] asks the same as the policy pack.
  }
rule-governing-stricter = { $source ->
    [contract] The contract
    [plan] The agreed plan
   *[pack] The policy pack
  } { $other ->
    [contract] is stricter than the contract. They conflict.
    [plan] is stricter than the agreed plan. They conflict.
   *[pack] is stricter than the policy pack. They conflict.
  }
rule-governing-not-comparable = { $source ->
    [contract] The contract
   *[plan] The agreed plan
  } { $other ->
    [plan] and the agreed plan differ and cannot be compared. They conflict.
   *[pack] and the policy pack differ and cannot be compared. They conflict.
  }

## What governs: the answer

rule-governing-governs-alone = { $source ->
    [contract] Only the contract asks something here. So it governs.
    [plan] Only the agreed plan asks something here. So it governs.
   *[pack] Only the policy pack asks something here. So it governs.
  }
rule-governing-governs-first = { $source ->
    [contract] The contract governs. It goes before a document that asks no more than it does.
   *[plan] The agreed plan governs. It goes before the policy pack, which asks no more than it does.
  }
rule-governing-governs-stricter = { $source ->
    [contract] Follow the contract: no other document is stricter.
    [plan] Follow the agreed plan: no other document is stricter, and none that is as strict goes before it.
   *[pack] Follow the policy pack: it is stricter than what goes before it.
  }
rule-governing-follow-each = No document governs. Follow each as far as you can until the authority rules.
rule-governing-nothing-asked = No document asks anything here.

## What governs: rulings

rule-governing-ruling-elsewhere = Ruling { $reference } of { $day } was given on another contract. It does not bind on this one.
rule-governing-ruled = Ruling { $reference } of { $day } says what holds on this contract. It goes before every document.
rule-governing-conflict-ended = Ruling { $reference } of { $day } ends the conflict between the documents.
rule-governing-blocked = This is blocked until a ruling on this contract allows it. Neither the contract nor the plan can allow it.
rule-governing-ruling-refuses = Ruling { $reference } of { $day } does not allow it.
rule-governing-ruling-allows = Ruling { $reference } of { $day } allows what is blocked otherwise.
rule-governing-ruling-invited = Ask the authority for a ruling.

## What governs: missing facts

rule-governing-missing-contract-applies = Say whether the contract asks anything here.
rule-governing-missing-contract-asks = Say what the contract asks here.
rule-governing-missing-plan-applies = Say whether the agreed plan asks anything here.
rule-governing-missing-plan-asks = Say what the agreed plan asks here.
rule-governing-missing-pack-applies = Say whether the policy pack asks anything here.
rule-governing-missing-pack-asks = Say what the policy pack asks here.
rule-governing-missing-rulings = Say which rulings were given on this duty.
rule-governing-missing-blocked-until-ruling = Say whether this is blocked until a ruling allows it.
