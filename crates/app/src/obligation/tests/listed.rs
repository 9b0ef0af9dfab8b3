//! The list: pages, filters, counts.

use std::collections::BTreeSet;

use testkit::both_engines;

use super::{MET, World, pages, put, said};
use crate::contract::act as contracts;
use crate::contract::model::Details;
use crate::migrations::migrations;

both_engines!(
    migrations,
    /// SEC-2: a list goes on beyond its first page, each duty once, those due first at the top; filters leave what they say and count it.
    async fn the_list_goes_on_and_is_filtered(db) {
        let w = World::new(db).await;
        let mut titles = Vec::new();
        for n in 0..11 {
            let contract = w.app.contract(w.authority, &format!("Quay {n}")).await;
            w.app.place(contract, w.lead, None).await;
            put(&w.app, contract, "outsourcing").await;
            titles.push((contract, format!("Quay {n}")));
        }
        // One of them began long ago: what recurs there is overdue.
        let (late, title) = titles[7].clone();
        let began = Details { starts_on: "2024-01-10".parse().ok(), signed_on: "2026-03-20".parse().ok(), ..Details::titled(w.authority, &title) };
        contracts::change(&w.app.operator(), late, 1, &began).await.unwrap();

        let mut lead = w.browser("supplier_lead", w.lead).await;
        let all = pages(&mut lead, "/obligations").await;
        let links: Vec<String> = all.iter().flat_map(testkit::Page::links).filter(|l| l.starts_with("/obligations/")).collect();
        let distinct: BTreeSet<&String> = links.iter().collect();
        assert_eq!(links.len(), distinct.len(), "a duty twice");
        assert!(all[0].text().contains(&format!("{} duties", links.len())), "{}", all[0].text());
        for (_, title) in &titles {
            assert!(said(&all).contains(title.as_str()), "{title}");
        }
        let first = all[0].select("tbody tr").remove(0);
        assert!(first.contains("Overdue") && first.contains("Quay 7"), "{first}");

        let overdue = pages(&mut lead, "/obligations?status=overdue").await;
        let rows: Vec<String> = overdue.iter().flat_map(|p| p.select("tbody tr")).collect();
        assert!(!rows.is_empty() && rows.iter().all(|r| r.contains("Overdue") && r.contains("Quay 7")), "{rows:#?}");
        assert!(all[0].select(".vs-filter").iter().any(|f| *f == format!("Overdue {}", rows.len())), "{:?}", all[0].select(".vs-filter"));
        let home = lead.get("/").await;
        assert!(home.text().contains(&format!("{} duties of yours are overdue", rows.len())), "{}", home.text());
        let from_home = lead.get(&home.link("overdue")).await;
        assert_eq!(from_home.select("tbody tr").len(), rows.len());

        let of_one = pages(&mut lead, &format!("/obligations?contract={late}")).await;
        assert!(of_one.iter().flat_map(|p| p.select("tbody tr")).all(|r| r.contains("Quay 7")));
        let mut sub = w.browser("supplier_lead", w.other).await;
        let text = sub.get(&format!("/obligations?contract={late}")).await.text();
        assert!(text.contains("0 duties") && !text.contains("Quay 7"), "{text}");

        // Met, and set aside, it is found there.
        let page = lead.get(rows_link(&overdue)).await;
        lead.submit(&page, "/met", &MET).await;
        let met = said(&pages(&mut lead, "/obligations?status=met").await) + &said(&pages(&mut lead, "/obligations?status=soon").await);
        assert!(met.contains("Register of 1 March"), "{met}");

        let mut security = w.browser("security", w.authority).await;
        let text = said(&pages(&mut security, &format!("/obligations?contract={late}&party={}", w.lead)).await);
        assert!(!text.contains("The authority's roles Security"), "{text}");
        for (whose, there, not) in [("suppliers", "Keep and test continuity", "Review every contract before signature"), ("authority", "Review every contract before signature", "Keep and test continuity")] {
            let text = said(&pages(&mut security, &format!("/obligations?contract={late}&whose={whose}")).await);
            assert!(text.contains(there) && !text.contains(not), "{whose}: {text}");
        }
        // Before the signature, which is not the start.
        let text = said(&pages(&mut security, &format!("/obligations?contract={late}&whose=authority&status=soon")).await);
        assert!(text.contains("Review every contract before signature") && text.contains("19 March 2026"), "{text}");
        // What the address cannot mean is left aside.
        let odd = security.get("/obligations?status=rubbish&contract=x&after=1.2.3&whose=nobody&party=").await;
        assert!(odd.status.is_success() && !odd.select("tbody tr").is_empty());
    }
);

fn rows_link(pages: &[testkit::Page]) -> &'static str {
    pages[0].links().into_iter().find(|l| l.starts_with("/obligations/")).unwrap().leak()
}
