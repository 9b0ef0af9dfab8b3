//! Finds the line of a path (`obligations.3.when`) in a YAML text, so that a fault of meaning names where it stands.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, de};
use serde_saphyr::Spanned;

/// How YAML is read: strict truth values (a country code `NO` is a text), bounded depth and size.
pub(super) fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        strict_booleans: true,
        with_snippet: false,
    }
}

/// The line on which each path of one file begins.
#[derive(Debug, Default)]
pub(super) struct Lines(BTreeMap<String, u32>);

impl Lines {
    /// Reads a text; an unreadable one has no lines.
    pub(super) fn read(text: &str) -> Self {
        let mut lines = Self::default();
        if let Ok(root) = serde_saphyr::from_str_with_options::<Spanned<Node>>(text, options()) {
            lines.walk(String::new(), &root);
        }
        lines
    }

    fn walk(&mut self, path: String, node: &Spanned<Node>) {
        let below = |key: &dyn fmt::Display| {
            if path.is_empty() { key.to_string() } else { format!("{path}.{key}") }
        };
        match &node.value {
            Node::Map(entries) => {
                for (key, value) in entries {
                    let path = below(&key.value);
                    self.walk(path.clone(), value);
                    self.0.insert(path, u32::try_from(key.referenced.line()).unwrap_or(0));
                }
            }
            Node::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.walk(below(&index), item);
                }
            }
            Node::Leaf => {}
        }
        self.0.insert(path, u32::try_from(node.referenced.line()).unwrap_or(0));
    }

    /// The line of a path, else of the nearest path above it, else 1.
    pub(super) fn of(&self, path: &str) -> u32 {
        let mut path = path;
        loop {
            if let Some(line) = self.0.get(path).filter(|line| **line > 0) {
                return *line;
            }
            match path.rfind('.') {
                Some(dot) => path = &path[..dot],
                None => return 1,
            }
        }
    }
}

/// A YAML value of which only the shape matters.
enum Node {
    Map(Vec<(Spanned<String>, Spanned<Node>)>),
    List(Vec<Spanned<Node>>),
    Leaf,
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> de::Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Node::Map(entries))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_str<E>(self, _: &str) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }
}
