//! Where in a body a value stands, written only when there is something to report.

/// A chain of steps from the body to a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'p> {
    /// The body.
    Root,
    /// A member of an object.
    Member(&'p Place<'p>, &'p str),
    /// An element of a list.
    Element(&'p Place<'p>, usize),
}

impl Place<'_> {
    /// The path in `PascalCase`, such as `Purchases[0].Quantity`.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Element(list, index) => format!("{}[{index}]", list.path()),
            Self::Member(object, name) => {
                let mut path = object.path();
                if !path.is_empty() {
                    path.push('.');
                }
                path + &pascal(name)
            }
        }
    }

    /// The path of what this is a part of, in which every list counts as one element: `Plans.PlanFrequencies`.
    pub(super) fn kind_of_whole(&self) -> String {
        let whole = match self {
            Self::Root => return String::new(),
            Self::Element(whole, _) | Self::Member(whole, _) => whole.path(),
        };
        let parts = whole.split('.').map(|part| part.split('[').next().unwrap_or(part));
        parts.collect::<Vec<_>>().join(".")
    }

    /// The name of a member as it was written; nothing for anything else.
    pub(super) fn member(&self) -> &str {
        match self {
            Self::Member(_, name) => name,
            Self::Root | Self::Element(..) => "",
        }
    }

    /// How a message names the value: the last step of its path.
    pub(super) fn name(&self) -> String {
        let path = self.path();
        match path.rsplit('.').next() {
            None | Some("") => "The body".to_owned(),
            Some(name) => name.to_owned(),
        }
    }
}

fn pascal(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
