//! OSCAL catalogs: groups of controls. Each control with a statement asks whether it is met, and how.

use serde_json::{Map, Value};

use super::nodes::met;
use super::outline::Outline;
use super::text::{Names, joined, plain};
use super::{Converted, Fault, Reading, Source, done, form, said};

/// The deepest group or control.
const DEEPEST: usize = 30;

pub(super) fn convert(name: &str, title: Option<&str>, source: &Source, value: &Value) -> Result<Converted, Vec<Fault>> {
    let mut reader = Reader { reading: Reading::new(source) };
    let catalog = value.get("catalog").and_then(Value::as_object).cloned().unwrap_or_default();
    reader.reading.known("catalog", &catalog, &["uuid", "metadata", "groups", "controls", "back-matter", "params"]);
    let metadata = catalog.get("metadata").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut root = Outline::default();
    reader.inside(&catalog, &mut root, 0);
    let heading = title.map(str::to_owned).or_else(|| said(&metadata, "title").map(plain)).unwrap_or_else(|| name.to_owned());
    let mut made = form(name, heading, root.sections(&mut Names::default()));
    made.intro = said(&metadata, "version").map(|version| format!("Version {version}.")).unwrap_or_default();
    done(reader.reading, made)
}

struct Reader<'a> {
    reading: Reading<'a>,
}

fn maps(of: &Map<String, Value>, key: &str) -> Vec<Map<String, Value>> {
    of.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice).iter().filter_map(Value::as_object).cloned().collect()
}

impl Reader<'_> {
    /// Groups and controls of a catalog, a group or a control.
    fn inside(&mut self, of: &Map<String, Value>, outline: &mut Outline, depth: usize) {
        let near = said(of, "id").unwrap_or("catalog").to_owned();
        if depth > DEEPEST {
            return self.reading.fault(&near, "Groups are nested too deeply");
        }
        if of.get("params").and_then(Value::as_array).is_some_and(|all| !all.is_empty()) {
            self.reading.fault(&near, format!("`{near}` has parameters, which forms here do not have. Put their values into the text."));
        }
        for group in maps(of, "groups") {
            self.reading.known(
                said(&group, "id").unwrap_or(&near),
                &group,
                &["id", "class", "title", "props", "parts", "controls", "groups", "params", "links"],
            );
            let mut below = self.heading(&group);
            self.inside(&group, &mut below, depth + 1);
            outline.below.push(below);
        }
        for control in maps(of, "controls") {
            let own = said(&control, "id").unwrap_or(&near).to_owned();
            self.reading.known(&own, &control, &["id", "class", "title", "props", "parts", "controls", "params", "links"]);
            let nested = !maps(&control, "controls").is_empty();
            let given = self.reading.names.give(&own);
            let how = self.reading.names.give(&format!("{given}_how"));
            let class = said(&control, "class").filter(|class| *class != "control").map(|class| format!("From {}.", plain(class)));
            let parts = self.parts(&control, 0);
            let questions = met(given, how, &title(&control), joined(parts.into_iter().map(Some).chain([class])));
            if nested {
                // What it is mapped to stands below it.
                let apart = control.iter().filter(|(key, _)| *key != "parts");
                let mut below = self.heading(&apart.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>());
                below.questions.extend(questions);
                self.inside(&control, &mut below, depth + 1);
                outline.below.push(below);
            } else {
                if control.contains_key("params") {
                    self.inside(&control, outline, depth + 1);
                }
                outline.questions.extend(questions);
            }
        }
    }

    fn heading(&mut self, of: &Map<String, Value>) -> Outline {
        Outline { id: said(of, "id").map(str::to_owned), title: title(of), help: self.parts(of, 0), ..Outline::default() }
    }

    /// Statements and guidance, as paragraphs.
    fn parts(&mut self, of: &Map<String, Value>, depth: usize) -> Vec<String> {
        let mut found = Vec::new();
        for part in maps(of, "parts") {
            let near = said(&part, "id").unwrap_or_default().to_owned();
            self.reading.known(&near, &part, &["id", "name", "ns", "class", "title", "props", "prose", "parts", "links"]);
            let head = said(&part, "title").map(plain);
            let prose = said(&part, "prose").map(plain);
            found.extend(match (head, prose) {
                (Some(head), Some(prose)) => Some(format!("{head}: {prose}")),
                (head, prose) => head.or(prose),
            });
            if depth < DEEPEST {
                found.extend(self.parts(&part, depth + 1));
            }
        }
        found
    }
}

/// The label and the title of a group or control.
fn title(of: &Map<String, Value>) -> String {
    let label = maps(of, "props").iter().find(|prop| said(prop, "name") == Some("label")).and_then(|prop| said(prop, "value").map(plain));
    let text = [label, said(of, "title").map(plain)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    if text.is_empty() { said(of, "id").unwrap_or_default().to_owned() } else { text }
}
