# Words for the decision whether something is a security incident, and how severe it is (crates/rules). A reason's id is rule-incident-<rule>; a
# missing fact's is rule-incident-missing-<path>. Arguments are the facts used, as codes with dashes: asset_kind, attempt, whereabouts, and the yes-no
# facts (yes, no, not-known); must_report (yes, no); for what an action points to also action, and stands (no, not-known).

## Incidents: outcomes

rule-incident-outcome-incident = This is an incident. It must be reported.
rule-incident-outcome-not-incident = By these facts this is no incident.
rule-incident-outcome-undetermined = We cannot tell yet. The facts named as missing could change the answer.

rule-incident-limb-attempt = A deliberate attempt
rule-incident-limb-loss = A loss
rule-incident-limb-process-breakdown = A breakdown by which data was, or could have been, exposed

rule-incident-category-disclosure = Disclosure
rule-incident-category-unauthorised-access = Unauthorised access
rule-incident-category-fraud = Fraud or unauthorised change
rule-incident-category-theft = Theft
rule-incident-category-loss = Loss
rule-incident-category-process-failure = Process failure
rule-incident-category-damage = Damage

rule-incident-item-lost = Lost
rule-incident-item-misplaced = Misplaced

## Incidents: the asset test

rule-incident-asset-involved = { $asset_kind ->
    [physical] Property of the authority’s was involved.
    [information] Information of the authority’s was involved.
   *[other] Something of the authority’s was involved.
  } So any one of the three tests is enough.
rule-incident-asset-not-involved = Nothing of the authority’s was involved: no property, no information in any form, nothing else of value. So this is no incident.

## Incidents: the three tests

rule-incident-attempt-succeeded = Somebody tried on purpose, with success. A deliberate attempt is an incident.
rule-incident-attempt-failed = Somebody tried on purpose, in vain. A deliberate attempt counts even if it fails.
rule-incident-no-attempt = Nobody tried on purpose.
rule-incident-confidentiality-lost = Somebody knows, or may know, what they must not. That is a loss of confidentiality.
rule-incident-integrity-lost = Something is no longer as it was. That is a loss of integrity.
rule-incident-availability-lost = Something cannot be used, and there is no usable back-up. That is a loss of availability.
rule-incident-availability-restored = You can restore it from a usable back-up. So it is no loss of availability.
rule-incident-availability-open = Something cannot be used. It is no loss of availability if you can restore it from a usable back-up.
rule-incident-lost-without-trail = Nobody can say where the item is. Without a trail it is lost, not misplaced.
rule-incident-lost-outside = The item is outside a secure place. So it is lost.
rule-incident-misplaced = The item is known to be inside a secure place. So it is misplaced, not lost. By that alone it is no incident.
rule-incident-misplaced-out-of-reach = A misplaced item is out of reach, which is no loss. Name availability only if something else was lost.
rule-incident-lost-or-misplaced = You call the item lost. It is misplaced only if it is known to be inside a secure place. Follow its trail.
rule-incident-no-loss = Nothing else was lost: not confidentiality, not availability, not integrity.
rule-incident-breakdown-exposed = A system or process broke down, and data was exposed outside or could have been. That is enough, even if nobody saw it.
rule-incident-no-breakdown = No system or process broke down.
rule-incident-nothing-exposed = No data was exposed outside, and none could have been.

## Incidents: what the actions point to

rule-incident-points-to-attempt = { $action ->
    [accessed-without-reason] Somebody looked at data without a reason to.
    [modified] Something was changed without leave.
    [stolen] Something was stolen.
    [malware] Malware was found.
   *[dishonesty-suspected] Somebody is suspected of dishonesty.
  } That points to a deliberate attempt. { $stands ->
    [no] You say that there was none: check that answer.
   *[not-known] Nobody has said yet whether there was one.
  }
rule-incident-points-to-loss = { $action ->
    [disclosed] Data was passed on, which points to a loss of confidentiality.
    [accessed-without-reason] Somebody looked at data without a reason to, which points to a loss of confidentiality.
    [modified] Something was changed without leave, which points to a loss of integrity.
    [stolen] Something was stolen, which points to a loss of confidentiality or availability.
   *[damaged] Something was damaged, which points to a loss of availability or integrity.
  } { $stands ->
    [no] You name no such loss: check that answer.
   *[not-known] Nobody has said yet what was lost.
  }
rule-incident-points-to-breakdown = { $action ->
    [fault] Software or a system had a fault.
   *[process-failure] A process failed.
  } That points to a breakdown. { $stands ->
    [no] You say that nothing broke down: check that answer.
   *[not-known] Nobody has said yet whether there was one, and what it exposed.
  }

## Incidents: what kind it is

rule-incident-disclosed = Data was passed on, leaked or told to a bogus caller. That is disclosure.
rule-incident-accessed-without-reason = Somebody saw data without a reason to, and passed nothing on. That is unauthorised access.
rule-incident-modified = Something was changed without leave, or made up. That counts as fraud or unauthorised change.
rule-incident-stolen = Something was stolen. That is theft, of data too.
rule-incident-lost = An item is lost. That is loss.
rule-incident-process-failure = A process failed, such as a missing encryption or marking. That is a process failure.
rule-incident-damaged = An asset or a service was damaged. That is damage.
rule-incident-dishonesty-suspected = Somebody is suspected of dishonesty. Fraud counts when it is attempted or suspected too.
rule-incident-malware = Malware was found. It is a source of incidents and no kind by itself: what it did says the kind.
rule-incident-fault = Software or a system had a fault. It is a source of incidents and no kind by itself: what it did says the kind.
rule-incident-two-acts = One act is either disclosure or unauthorised access. You name both, so there were two acts: describe each.
rule-incident-no-category = No kind fits. The report is accepted all the same.

## Incidents: what follows

rule-incident-dishonesty-reported = Suspected dishonesty must be reported at once. You need no proof.
rule-incident-cause-systemic = The cause lies in a system or process. Say what will be mended there.
rule-incident-cause-awareness = The cause is a matter of awareness. Say how people will be told or trained.
rule-incident-cause-open = Say whether the cause lies in a system or in awareness. The actions that follow depend on it.
rule-incident-authority-decides = { $must_report ->
    [yes] Report it at once.
   *[no] You may report it all the same: every report is accepted.
  } These tests advise. The authority decides, and gives its reason.

## Incidents: missing facts

rule-incident-missing-asset-involved = Say whether something of the authority’s was involved: property, information in any form, or anything else of value.
rule-incident-missing-attempt = Say whether somebody tried on purpose, and whether it failed or succeeded.
rule-incident-missing-loss = Say what was lost: confidentiality, availability, integrity, or nothing.
rule-incident-missing-process-breakdown = Say whether a system or process broke down.
rule-incident-missing-exposed = Say whether data became exposed outside, or could have.
rule-incident-missing-whereabouts = Say where the item is: inside a secure place, outside, or nobody knows.
rule-incident-missing-backup-usable = Say whether you can restore what is gone from a usable back-up.
rule-incident-missing-actions = Say what happened.

## Severity. severity is low, moderate, high or critical; category and kind are codes with dashes; number is a whole number.

rule-incident-severity-outcome-low = Low
rule-incident-severity-outcome-moderate = Moderate
rule-incident-severity-outcome-high = High
rule-incident-severity-outcome-critical = Critical

rule-incident-severity-category = { $category ->
    [disclosure] It is a disclosure.
    [unauthorised-access] It is unauthorised access.
    [fraud] It is fraud or unauthorised change.
    [theft] It is a theft.
    [loss] It is a loss.
    [process-failure] It is a process failure.
   *[damage] It is damage.
  } That makes it { $severity } at least.
rule-incident-severity-loss = { $kind ->
    [confidentiality] Confidentiality was lost.
    [availability] Availability was lost.
   *[integrity] Integrity was lost.
  } That makes it { $severity } at least.
rule-incident-severity-people = People whom the data is about: { $number }. That makes it { $severity } at least.
rule-incident-severity-records = Records: { $number }. That makes it { $severity } at least.
rule-incident-severity-special-category = Some of the data has special protection by law. That makes it { $severity } at least.
rule-incident-severity-services-down = Services that are or were down: { $number }. That makes it { $severity } at least.
rule-incident-severity-encrypted = The data was encrypted and nobody saw it. What is said of the data counts as { $severity } at most.
rule-incident-severity-encrypted-yet-seen = The data was encrypted, but it was passed on or seen. So the encryption does not count.
rule-incident-severity-encrypted-open = Nobody has said whether the data was encrypted. It counts as readable until then.
rule-incident-severity-nothing-more = Nothing known so far makes it more than low.

rule-incident-severity-missing-loss = Say what was lost: confidentiality, availability, integrity, or nothing.
rule-incident-severity-missing-people = Say how many people the data is about.
rule-incident-severity-missing-records = Say how many records there are.
rule-incident-severity-missing-encrypted = Say whether all of the data was encrypted.
rule-incident-severity-missing-special-category = Say whether the law gives some of the data special protection.
rule-incident-severity-missing-services-down = Say how many services are or were down.

## The regulator: what the law asks for

rule-regulator-duty-nothing = No data about people is concerned: nothing is notified.
rule-regulator-duty-record = A risk to people is unlikely: nothing is notified, and the breach is recorded with the reasons.
rule-regulator-duty-notify = There is a risk to people: the regulator is notified.
rule-regulator-duty-notify-and-tell = The risk to people is high: the regulator is notified, and the people are told.
rule-regulator-duty-open = It is not known yet whether there is a risk to people.
