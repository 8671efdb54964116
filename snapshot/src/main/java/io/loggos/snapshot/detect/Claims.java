package io.loggos.snapshot.detect;

import java.util.List;

/**
 * Claims in the state of one node: processes that hold or await resources.
 *
 * <p>A node may speak for its own processes, for the resources that it gives out, or for both. The claims of two nodes
 * may overlap.
 *
 * @param held by each process. A node that gives out a resource counts it as held from the grant that it sends until
 *     the release arrives. A process counts it from the arrival of the grant until it sends the release.
 * @param awaited by each process, which goes on only once it holds all of them. A node that gives out a resource counts
 *     it as awaited from the arrival of the request until it sends the grant. A process counts it from the request that
 *     it sends until the grant arrives.
 */
public record Claims<P, R>(List<Claim<P, R>> held, List<Claim<P, R>> awaited) {
    public Claims {
        held = List.copyOf(held);
        awaited = List.copyOf(awaited);
    }
}
