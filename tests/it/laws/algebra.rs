//! The two operators over all layers of three duties: 5^3 = 125 layers, 125^2 pairs, 125^3 = 1,953,125 triples.

use bailiwick::Layer;
use bailiwick::Opinion;

/// All layers of three duties.
fn all() -> Vec<Layer> {
    let mut layers = Vec::new();
    for a in Opinion::ALL {
        for b in Opinion::ALL {
            for c in Opinion::ALL {
                layers.push(Layer::from_opinions(&[a, b, c]));
            }
        }
    }
    layers
}

/// An operator over all pairs, as positions among all layers.
fn table(layers: &[Layer], operator: impl Fn(&Layer, &Layer) -> Layer) -> Vec<Vec<usize>> {
    let place = |layer: Layer| {
        layers
            .iter()
            .position(|other| *other == layer)
            .unwrap_or(usize::MAX)
    };
    let row = |a| layers.iter().map(|b| place(operator(a, b))).collect();
    layers.iter().map(row).collect()
}

#[test]
#[expect(
    clippy::indexing_slicing,
    reason = "positions among 125 layers; one that is not there is a failure"
)]
fn stack_and_over_keep_their_laws_on_every_layer_of_three_duties() {
    let layers = all();
    assert_eq!(layers.len(), 125);
    let stack = table(&layers, Layer::stack);
    let over = table(&layers, Layer::over);
    let silent = layers
        .iter()
        .position(|layer| *layer == Layer::silent(3))
        .unwrap_or(usize::MAX);
    let every = || 0..layers.len();
    for a in every() {
        assert_eq!(stack[a][a], a);
        assert_eq!(over[a][a], a);
        assert_eq!([stack[a][silent], stack[silent][a]], [a, a]);
        assert_eq!([over[a][silent], over[silent][a]], [a, a]);
        for b in every() {
            assert_eq!(stack[a][b], stack[b][a]);
        }
    }
    let mut triples = 0;
    for a in every() {
        for b in every() {
            for c in every() {
                assert_eq!(stack[stack[a][b]][c], stack[a][stack[b][c]]);
                assert_eq!(over[over[a][b]][c], over[a][over[b][c]]);
                assert_eq!(over[a][stack[b][c]], stack[over[a][b]][over[a][c]]);
                triples += 1;
            }
        }
    }
    assert_eq!(triples, 1_953_125);
}

#[test]
fn a_layer_says_of_each_duty_what_its_opinions_say() {
    for a in all() {
        for b in all() {
            let each = |operator: fn(Opinion, Opinion) -> Opinion| -> Vec<Opinion> {
                let pairs = a.opinions().into_iter().zip(b.opinions());
                pairs.map(|(a, b)| operator(a, b)).collect()
            };
            assert_eq!(a.stack(&b).opinions(), each(Opinion::stack));
            assert_eq!(a.over(&b).opinions(), each(Opinion::over));
        }
    }
}
