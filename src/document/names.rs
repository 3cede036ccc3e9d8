//! Names that a scenario gives to requests, campaigns and tickets, which otherwise have numbers.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::string::ToString;

use crate::document::node::Node;
use crate::document::reader::Read;
use crate::document::reader::Reader;
use crate::id::CampaignId;
use crate::id::Kind;
use crate::id::RequestId;
use crate::id::TicketId;
use crate::id::Unknown;

/// What requests, campaigns and tickets are called in commands, questions and answers.
///
/// # Examples
///
/// ```
/// use bailiwick::RequestId;
/// use bailiwick::document::Names;
///
/// let mut names = Names::default();
/// names.request("r1", RequestId(7));
/// assert_eq!(names.of_request(RequestId(7)), "r1");
/// // What has no name goes by its number.
/// assert_eq!(names.of_request(RequestId(8)), "8");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Names {
    requests: Named,
    campaigns: Named,
    tickets: Named,
}

/// Numbers by name, and names by number.
#[derive(Clone, Debug, Default)]
struct Named {
    numbers: BTreeMap<String, u32>,
    names: BTreeMap<u32, String>,
}

impl Named {
    fn give(&mut self, name: &str, number: u32) {
        self.numbers.insert(name.to_string(), number);
        self.names.insert(number, name.to_string());
    }

    fn name(&self, number: u32) -> String {
        let name = self.names.get(&number);
        name.cloned().unwrap_or_else(|| number.to_string())
    }
}

macro_rules! named {
    ($($give:ident $of:ident $list:ident $id:ident $kind:ident,)*) => {
        impl Names {$(
            #[doc = concat!("Gives a name to a ", stringify!($give), "; a name given again stands for the later one.")]
            pub fn $give(&mut self, name: &str, id: $id) {
                self.$list.give(name, id.0);
            }

            #[doc = concat!("What a ", stringify!($give), " is called: its name, else its number.")]
            #[must_use]
            pub fn $of(&self, id: $id) -> String {
                self.$list.name(id.0)
            }
        )*}

        $(impl Read for $id {
            fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
                let name = match node {
                    Node::Integer(_) => return u32::read(reader, node, path).map(Self),
                    Node::Text(name) => name,
                    _ => return reader.wanted(path, ("a name or a number", "un nombre o un número")),
                };
                let named = reader.names().map(|names| &names.$list.numbers);
                match named.and_then(|named| named.get(name)) {
                    Some(number) => Some(Self(*number)),
                    None => {
                        let known = named.into_iter().flat_map(BTreeMap::keys).map(String::as_str);
                        reader.note(path, Unknown::new(Kind::$kind, name, known))
                    }
                }
            }
        })*
    };
}

named! {
    request of_request requests RequestId Request,
    campaign of_campaign campaigns CampaignId Campaign,
    ticket of_ticket tickets TicketId Ticket,
}
