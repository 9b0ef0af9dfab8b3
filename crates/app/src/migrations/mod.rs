//! The product's tables, for both engines, after the platform's. A migration is never edited once released.

mod m0001_party;
mod m0002_contract;
mod m0003_site;
mod m0004_obligation;
mod m0005_offshoring;
mod m0006_import;
mod m0007_paper;
mod m0009_contract_facts;
mod m0010_arrangement;
mod m0011_subprocessor;
mod m0012_breach;
mod m0013_geography;
mod m0015_watching;
mod m0016_bid;
mod m0017_levels;
mod m0018_behalf;
mod m0019_pack;
mod m0020_delegation;
mod m0021_urgent;
mod m0022_owner_abroad;
mod m0023_urgent_over;
mod m0024_incident;
mod m0025_mail;
mod m0026_incident_record;
mod m0027_regulator;
mod m0028_plan;
mod m0029_plan_change;
mod m0030_screened_files;
mod m0035_incident_figure;
mod m0036_sweep;
mod m0040_ruling;
mod m0041_authority_data;
mod m0042_data_protection;
mod m0043_weakness;
mod m0044_people_told;
mod m0045_holding;
mod m0046_mail_files;

use platform::migrations::Migration;

/// Every migration, in order.
pub fn migrations() -> Vec<Box<dyn Migration>> {
    let mut all = platform::migrations::platform();
    all.push(Box::new(m0001_party::Step));
    all.push(Box::new(m0002_contract::Step));
    all.push(Box::new(m0004_obligation::Step));
    all.push(Box::new(m0006_import::Step));
    all.push(Box::new(m0005_offshoring::Step));
    all.push(Box::new(m0007_paper::Step));
    all.push(Box::new(m0003_site::Step));
    all.push(Box::new(m0009_contract_facts::Step));
    all.push(Box::new(m0010_arrangement::Step));
    all.push(Box::new(m0011_subprocessor::Step));
    all.push(Box::new(m0012_breach::Step));
    all.push(Box::new(m0013_geography::Step));
    all.push(Box::new(m0015_watching::Step));
    all.push(Box::new(m0016_bid::Step));
    all.push(Box::new(m0017_levels::Step));
    all.push(Box::new(m0018_behalf::Step));
    all.push(Box::new(m0019_pack::Step));
    all.push(Box::new(m0020_delegation::Step));
    all.push(Box::new(m0021_urgent::Step));
    all.push(Box::new(m0022_owner_abroad::Step));
    all.push(Box::new(m0023_urgent_over::Step));
    all.push(Box::new(m0024_incident::Step));
    all.push(Box::new(m0025_mail::Step));
    all.push(Box::new(m0026_incident_record::Step));
    all.push(Box::new(m0027_regulator::Step));
    all.push(Box::new(m0028_plan::Step));
    all.push(Box::new(m0029_plan_change::Step));
    all.push(Box::new(m0030_screened_files::Step));
    all.push(Box::new(m0035_incident_figure::Step));
    all.push(Box::new(m0036_sweep::Step));
    all.push(Box::new(m0040_ruling::Step));
    all.push(Box::new(m0041_authority_data::Step));
    all.push(Box::new(m0042_data_protection::Step));
    all.push(Box::new(m0043_weakness::Step));
    all.push(Box::new(m0044_people_told::Step));
    all.push(Box::new(m0045_holding::Step));
    all.push(Box::new(m0046_mail_files::Step));
    all
}
