package io.loggos.multicast.grpc;

import io.grpc.LoadBalancerRegistry;
import io.grpc.NameResolverRegistry;
import io.loggos.api.TransportException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC that an application has brought along, which may be incomplete or another version.
 *
 * <p>Without this check, a node without a name resolver or a load balancer never reaches a peer, and says nothing.
 */
public final class GrpcOnClassPath {
    /** Scheme of the addresses that are resolved by gRPC. */
    private static final String RESOLVER = "dns";

    private static final String BALANCER = "pick_first";
    private static final String MERGE = "; if all is in one jar, the files META-INF/services of the jars must be merged"
            + " (ServicesResourceTransformer of the shade plugin, mergeServiceFiles() of Shadow)";

    private GrpcOnClassPath() {}

    /**
     * Looks for what gRPC finds by itself, before anything is opened.
     *
     * @throws TransportException if something is missing, with the remedy
     */
    public static void check() {
        List<String> missing = new ArrayList<>();
        try {
            if (NameResolverRegistry.getDefaultRegistry().getProviderForScheme(RESOLVER) == null) {
                missing.add("no name resolver for \"" + RESOLVER + "\"");
            }
            if (LoadBalancerRegistry.getDefaultRegistry().getProvider(BALANCER) == null) {
                missing.add("no load balancer \"" + BALANCER + "\"");
            }
        } catch (LinkageError e) {
            throw unusable(e);
        }
        if (!missing.isEmpty()) {
            throw new TransportException("gRPC on the class path has " + String.join(" and ", missing) + MERGE, null);
        }
    }

    /** Returns the exception for a class or a method that this version needs and that is not there. */
    public static TransportException unusable(LinkageError error) {
        return new TransportException(
                "the libraries on the class path do not fit together: " + error + "; found are "
                        + version("grpc-api", "io.grpc.Channel") + ", "
                        + version("grpc-core", "io.grpc.internal.GrpcUtil") + " and "
                        + version("grpc-netty-shaded", "io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder")
                        + "; let the build manage all of io.grpc by grpc-bom, in the version that loggos-parent names or"
                        + " a newer one",
                error);
    }

    private static String version(String artifact, String className) {
        try {
            Class<?> type = Class.forName(className, false, GrpcOnClassPath.class.getClassLoader());
            String version = implementationVersion(type);
            return artifact + " " + (version == null ? "of unknown version" : version);
        } catch (ClassNotFoundException | LinkageError e) {
            return "no " + artifact;
        }
    }

    private static @Nullable String implementationVersion(Class<?> type) {
        Package ofType = type.getPackage();
        return ofType == null ? null : ofType.getImplementationVersion();
    }
}
