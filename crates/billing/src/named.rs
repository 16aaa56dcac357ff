//! Enumerations that have a name on the wire and in the database: one list of names, one parser.

/// An enumeration whose every value has one documented name.
pub trait Named: Copy + Eq + Send + Sync + 'static {
    /// The values, in the order of the documentation.
    const ALL: &'static [Self];
    /// The names, in the same order.
    const NAMES: &'static [&'static str];

    /// The documented spelling of this value.
    fn name(self) -> &'static str;

    /// The value with exactly this name; `None` for anything else.
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.name() == name)
    }
}

/// Declares an enumeration and its names together, so that they cannot drift apart.
macro_rules! named {
    ($(#[$meta:meta])* pub enum $Type:ident { $($(#[$value_meta:meta])* $Value:ident => $name:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $Type { $($(#[$value_meta])* $Value,)+ }

        impl $crate::named::Named for $Type {
            const ALL: &'static [Self] = &[$(Self::$Value,)+];
            const NAMES: &'static [&'static str] = &[$($name,)+];

            fn name(self) -> &'static str {
                match self { $(Self::$Value => $name,)+ }
            }
        }

        impl std::fmt::Display for $Type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::named::Named::name(*self))
            }
        }
    };
}
pub(crate) use named;
