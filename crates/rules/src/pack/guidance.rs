//! Guidance for special cases: what to do in short, and where more of it stands (SEC-X1j).

use serde::{Deserialize, Serialize};

use super::{model::Pack, report::Report};

/// What to do in a special case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guidance {
    /// Id, unique in the pack.
    pub id: String,
    /// The case.
    pub title: String,
    /// What to do, in short.
    pub text: String,
    /// Where more of it stands: an address that begins with `https://`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The duties that it helps to meet.
    #[serde(default)]
    pub duties: Vec<String>,
    /// The sections of forms beside which it is shown, each as `form.section`.
    #[serde(default)]
    pub sections: Vec<String>,
    /// Paragraphs that ask for it.
    #[serde(default)]
    pub source: Vec<String>,
}

impl Pack {
    /// What helps to meet a duty.
    pub fn guidance_of_duty<'p>(&'p self, duty: &'p str) -> impl Iterator<Item = &'p Guidance> {
        self.guidance.iter().filter(move |one| one.duties.iter().any(|id| id == duty))
    }

    /// What is shown beside a section of a form.
    pub fn guidance_of_section<'p>(&'p self, form: &'p str, section: &'p str) -> impl Iterator<Item = &'p Guidance> {
        self.guidance.iter().filter(move |one| one.sections.iter().any(|at| at.split_once('.') == Some((form, section))))
    }
}

impl Report<'_> {
    /// What is wrong with the guidance of a pack: addresses that a browser should not be led to, duties and sections that there are not.
    pub(super) fn guidance(&mut self, pack: &Pack) {
        self.ids("guidance", pack.guidance.iter().map(|one| one.id.as_str()));
        for (index, one) in pack.guidance.iter().enumerate() {
            let path = format!("guidance.{index}");
            self.source(&path, &one.source);
            if let Some(link) = one.link.as_deref().filter(|link| !leads(link)) {
                let advice = "Write an address as a browser shows it, beginning with https://.";
                self.fault(&format!("{path}.link"), format!("`{link}` is not an address that can be linked to"), advice);
            }
            for (at, duty) in one.duties.iter().enumerate() {
                let known = pack.obligations.iter().map(|duty| duty.id.as_str());
                self.known(&format!("{path}.duties.{at}"), "obligation", duty, known, "obligations");
            }
            for (at, section) in one.sections.iter().enumerate() {
                let there =
                    section.split_once('.').is_some_and(|(form, id)| pack.forms.get(form).is_some_and(|form| form.section(id).is_some()));
                if !there {
                    let advice = "Write it as `form.section`.";
                    self.fault(&format!("{path}.sections.{at}"), format!("There is no section `{section}`"), advice);
                }
            }
        }
    }
}

/// Whether an address is one of the web, with a host and without a name or password before it.
fn leads(link: &str) -> bool {
    url::Url::parse(link)
        .is_ok_and(|url| url.scheme() == "https" && url.has_host() && url.username().is_empty() && url.password().is_none())
}
