# Words for the decisions of crates/rules. A reason's id is rule-<decision>-<rule>; a missing fact's is
# rule-<decision>-missing-<path>. Arguments are the facts used: country and home as they stand inside a sentence, kind,
# place (home, abroad, not-known), and the yes-no facts (yes, no, not-known).

## Offshoring: outcomes

rule-offshoring-outcome-offshoring = This is offshoring. You need an approval before the work starts.
rule-offshoring-outcome-not-offshoring = This is not offshoring.
rule-offshoring-outcome-undetermined = We cannot tell yet. The facts named as missing could change the answer.

## Offshoring: what triggers it

rule-offshoring-hosting-abroad = You host the authority's information in { $country }. That is outside { $home }, so it is offshoring.
rule-offshoring-access-from-abroad = People in { $country } reach the authority's information, systems or services. That is outside { $home }, so it is offshoring. People count by where they are at that moment. Staff who live in { $home } and travel count too.
rule-offshoring-service-from-abroad = People in { $country } deliver part of the service and reach the authority's information, systems or services. That is outside { $home }, so it is offshoring. People count by where they are at that moment. Staff who live in { $home } and travel count too.
rule-offshoring-development-abroad = You develop applications in { $country }. Development outside { $home } is always offshoring{ $personal_data ->
    [yes] , with personal data or without
    [no] , even without personal data
   *[not-known] , with personal data or without
  }.
rule-offshoring-support-abroad = You support or administer systems from { $country }. That is always offshoring outside { $home }. It counts even if the staff see no data.
rule-offshoring-diagnostics-abroad = You send diagnostic data to { $country } after a fault. That is outside { $home }. It holds the authority's information or gives a way into its systems, so it is offshoring.
rule-offshoring-diagnostics-not-shown-free = You send diagnostic data to { $country }, outside { $home }. It counts as offshoring unless you show two things. It must hold none of the authority's information and give no way into its systems.
rule-offshoring-landed-staff = You bring foreign nationals to { $home } for work that reaches the authority's information. That is offshoring, although the work is done at home.

## Offshoring: what rules a trigger out

rule-offshoring-at-home = { $kind ->
    [hosting] The information lies in { $country }.
    [development] The development is done in { $country }.
    [support] The support is given from { $country }.
    [diagnostics] The diagnostic data goes to { $country }.
   *[other] This is done in { $country }.
  } That is at home, so this trigger does not apply.
rule-offshoring-people-at-home = The people who do this are in { $country }, which is at home. People count by where they are when they reach information. If any of them travels abroad, add that as an activity.
rule-offshoring-hosting-without-information = { $place ->
    [abroad] You host none of the authority's information in { $country }.
   *[other] You host none of the authority's information, wherever the place is.
  } Hosting without it is exempt. The exemption covers hosting only.
rule-offshoring-work-without-information = { $place ->
    [abroad] The work in { $country } reaches none of the authority's information, systems or services.
   *[other] The work reaches none of the authority's information, systems or services, wherever it is done.
  } Such work is exempt, unless it is development, support or administration.
rule-offshoring-diagnostics-shown-free = { $place ->
    [abroad] The diagnostic data sent to { $country } holds none of the authority's information.
   *[other] The diagnostic data holds none of the authority's information, wherever it goes.
  } It gives no way into the authority's systems either, so it does not count.
rule-offshoring-no-foreign-nationals = No foreign nationals do this work, so nobody counts as landed staff.
rule-offshoring-nobody-brought-in = You bring nobody to { $home } for this work, so nobody counts as landed staff.
rule-offshoring-resident-already = The foreign nationals who do this work lived in { $home } already. They are exempt. The exemption covers landed staff only.
rule-offshoring-landed-without-access = The people you bring to { $home } cannot reach the authority's information. They are exempt. The exemption covers landed staff only.
rule-offshoring-landed-place-set-aside = You named { $country }, but landed staff work in { $home }. The place did not count here. If people also work from { $country }, add that as an activity.

## Offshoring: missing facts

rule-offshoring-missing-country = Say in which country the work is done or the data lies.
rule-offshoring-missing-authority-information = Say whether this involves the authority's information, systems or services.
rule-offshoring-missing-staff-foreign-nationals = Say whether foreign nationals do this work.
rule-offshoring-missing-staff-brought-to-home = Say whether you bring them to the home country for this work.
rule-offshoring-missing-staff-resident-at-home-already = Say whether they lived in the home country already.
rule-offshoring-missing-staff-access-to-information = Say whether they can reach the authority's information.

## Countries

rule-country-empty = Name a country, or give its ISO 3166-1 code.
rule-country-unknown = We do not know the country “{ $input }”. Check the spelling, or give its ISO 3166-1 code.
rule-country-user-assigned = The code “{ $input }” belongs to no country. Give the place's ISO 3166-1 code, or XK for Kosovo.
rule-country-ambiguous = “{ $input }” fits more than one place. Write { $places }.
rule-country-withdrawn = “{ $input }” ({ $name }) is no longer a country code. Write the place as it is today, such as { $places }.

rule-cover-no-approval = No approval is known for this work.
rule-cover-suspended = The approval is suspended.
rule-cover-revoked = The approval was taken back.
rule-cover-party = The approval is for another party.
rule-cover-place-ended = The party’s place in the chain has ended.
rule-cover-tier = The party stands at tier { $now } now; it stood at tier { $then } when this was approved.
rule-cover-kind = This kind of work is not approved.
rule-cover-country = No work in this country is approved.
rule-cover-kind-there = This kind of work is not approved in this country.
rule-cover-site = This site is not approved.
rule-cover-site-unknown = Nobody has said at which site this is done.
rule-cover-kind-at-site = This kind of work is not approved at this site.
rule-cover-people-at-site = People who work at this site: { $people }. Approved for it: { $approved }.
rule-cover-data = Not approved for: { $names }.
rule-cover-people = People who do this work: { $people }. Approved in all: { $approved }.
rule-cover-not-yet = The approval begins on { $from }.
rule-cover-ended = The approval ended on { $to }.
rule-cover-lapsed = The urgent approval lapsed: nobody had ratified it by { $to }.
rule-cover-days = The work is to last until { $until }; the approval ends on { $to }.

## Transfers of personal data: what they take. country and home stand as inside a sentence.

rule-transfer-outcome-home = No transfer
rule-transfer-outcome-not-personal = Nothing personal
rule-transfer-outcome-adequate = Adequate
rule-transfer-outcome-conditional = Adequate on a condition
rule-transfer-outcome-safeguards = Needs a safeguard
rule-transfer-outcome-undetermined = Not known yet
rule-transfer-at-home = { $country } is home, so nothing is transferred.
rule-transfer-not-personal = No personal data goes there.
rule-transfer-stated-full = You recorded that { $country } protects personal data adequately.
rule-transfer-stated-partial = You recorded that { $country } protects personal data adequately on a condition.
rule-transfer-stated-none = You recorded that { $country } does not protect personal data adequately. A transfer needs a safeguard and its risk assessment.
rule-transfer-listed-full = The law of { $home } lists { $country } as adequate. The list was followed up to { $until }: check that it still holds.
rule-transfer-listed-partial = The law of { $home } lists { $country } as adequate { $condition }. The list was followed up to { $until }: check that it still holds.
rule-transfer-not-listed = The law of { $home } did not list { $country } as adequate up to { $until }. A transfer needs a safeguard and its risk assessment.
rule-transfer-condition-gb-ca = for commercial organisations under its federal privacy act
rule-transfer-condition-gb-jp = for organisations of the private sector
rule-transfer-condition-gb-us = for organisations certified under the UK extension to the Data Privacy Framework
rule-transfer-no-mechanism = Nothing carries transfers of personal data there yet. Record what does.
rule-transfer-condition-open = Show that the condition is met, or record what else carries transfers.
rule-transfer-no-assessment = The risk of these transfers was not assessed. Record the assessment and its date.
rule-transfer-assessment-to-come = The risk of these transfers is to be assessed on { $on }.
rule-transfer-review-late = The assessment was to be looked at again by { $on }.
rule-transfer-missing-personal-data = Say whether personal data goes there.
rule-transfer-missing-adequacy = Record whether the country protects personal data adequately.

# Why an approval is stale
rule-stale-ceased = { $country } is no country any more. Name the country that is there now.
rule-stale-transfer = What a transfer of personal data to { $country } takes has changed. Before: { $was }. Now: { $now }.
rule-stale-mechanism = What carries transfers to { $country } has changed.
rule-stale-condition = The condition on which { $country } counts as adequate has changed.
rule-stale-onward = What is held on passing data on from { $country } has changed.
rule-stale-law = What is held of the law of { $country } has changed.
rule-stale-country = What the authority holds of { $country } has changed.
rule-stale-owner = The owner of { $party } has changed.
rule-stale-joined = { $party } joined the chain at tier { $tier }.
rule-stale-moved = { $party } moved within the chain, from tier { $was } to tier { $now }.
rule-stale-left = { $party } left the chain.
rule-stale-answers = A later proposal for this work was handed in with other answers.
