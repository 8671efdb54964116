package io.loggos.snapshot.detect;

import java.util.List;

/**
 * What one node's state says about who has which resource. A node may speak for its own processes, for the resources that
 * it gives out, or for both; what two nodes say may overlap.
 *
 * @param held by each process. One that gives out resources counts from the moment it sends the grant until the release
 *     has come; a process from when the grant has come until it sends the release
 * @param awaited by each process, which goes on only once it holds all of them. One that gives out resources counts from
 *     the moment the request has come until it sends the grant; a process from when it sends the request until the grant
 *     has come
 */
public record Claims<P, R>(List<Claim<P, R>> held, List<Claim<P, R>> awaited) {
    public Claims {
        held = List.copyOf(held);
        awaited = List.copyOf(awaited);
    }
}
