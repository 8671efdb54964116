package io.loggos.multicast.grpc;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import io.loggos.api.Address;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a peer, for a channel to it: all that its host name has, resolved anew at each attempt.
 *
 * <p>The channel tries one after the other. So a host may have addresses that lead nowhere, get its name late, or
 * another address at its next start.
 */
final class PeerAddresses extends NameResolver.Factory {
    private static final String SCHEME = "loggos";

    private final Address peer;
    private final HostNames names;
    private final Executor resolving;

    /**
     * Creates the resolver of one peer.
     *
     * @param resolving runs the look-ups, which may block
     */
    PeerAddresses(Address peer, HostNames names, Executor resolving) {
        this.peer = peer;
        this.names = names;
        this.resolving = resolving;
    }

    /** The target of a channel that uses this resolver. */
    static String target() {
        return SCHEME + ":///peer";
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args channel) {
        return new Resolver(channel.getSynchronizationContext());
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    private final class Resolver extends NameResolver {
        private final SynchronizationContext channel;
        private @Nullable Listener2 listener;

        Resolver(SynchronizationContext channel) {
            this.channel = channel;
        }

        @Override
        public String getServiceAuthority() {
            return SCHEME;
        }

        @Override
        public void start(Listener2 newListener) {
            listener = newListener;
            refresh();
        }

        @Override
        public void refresh() {
            resolving.execute(() -> {
                StatusOr<List<EquivalentAddressGroup>> found = resolve();
                channel.execute(() -> tell(found));
            });
        }

        private void tell(StatusOr<List<EquivalentAddressGroup>> found) {
            Listener2 told = listener;
            if (told != null) {
                Status unused = told.onResult2(
                        ResolutionResult.newBuilder().setAddressesOrError(found).build());
            }
        }

        @Override
        public void shutdown() {
            listener = null;
        }
    }

    private StatusOr<List<EquivalentAddressGroup>> resolve() {
        try {
            return StatusOr.fromValue(names.addresses(peer.host()).stream()
                    .map(address -> new EquivalentAddressGroup(new InetSocketAddress(address, peer.port())))
                    .toList());
        } catch (UnknownHostException e) {
            return StatusOr.fromStatus(
                    Status.UNAVAILABLE.withDescription("the host name \"" + peer.host() + "\" has no address"));
        }
    }
}
