package io.loggos.examples.server.call;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.access.AccessControl;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.kv.access.AccessException.Reason;
import io.loggos.api.kv.access.Identity;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Finds out in whose name a call is made, as etcd does: by its token, or else by the common name of its certificate.
 *
 * <p>A service asks for {@link #store} or {@link #caller} before its method returns.
 */
public final class Callers implements ServerInterceptor {
    /** The header with the token, in gRPC and behind etcd's gateway. */
    private static final Metadata.Key<String> TOKEN = key("token");

    private static final Metadata.Key<String> AUTHORIZATION = key("authorization");
    private static final Context.Key<Supplier<Identity>> CALLER = Context.key("caller");

    /** Methods that take no notice of a token. A watch does when it begins. */
    private static final List<String> TOKEN_IGNORED = List.of(
            "etcdserverpb.Auth/Authenticate",
            "etcdserverpb.Maintenance/",
            "etcdserverpb.Cluster/",
            "etcdserverpb.Watch/");

    /** Calls that concern all keys, or the members. They are for those with the role root. */
    private static final Set<String> FOR_ROOT = Set.of(
            "etcdserverpb.Maintenance/Defragment",
            "etcdserverpb.Maintenance/Hash",
            "etcdserverpb.Maintenance/HashKV",
            "etcdserverpb.Maintenance/Snapshot",
            "etcdserverpb.Cluster/MemberAdd",
            "etcdserverpb.Cluster/MemberRemove",
            "etcdserverpb.Cluster/MemberUpdate",
            "etcdserverpb.Cluster/MemberPromote");

    private final KeyValueStore store;
    private final AccessControl access;
    private final TokenReader tokens;
    private final boolean byCertificate;

    /** Recognizes a user by a token. */
    public interface TokenReader {
        /** Returns the user; null if the token is of nobody. Any thread. */
        @Nullable
        Identity read(String token);
    }

    /** @param byCertificate true if clients must show certificates, so that their names count */
    public Callers(KeyValueStore store, TokenReader tokens, boolean byCertificate) {
        this.store = store;
        this.access = store.access();
        this.tokens = tokens;
        this.byCertificate = byCertificate;
    }

    /** Returns the store in the name of whoever makes the present call. */
    public KeyValueStore store() {
        Supplier<Identity> caller = CALLER.get();
        return caller == null ? store : in(caller);
    }

    /** Returns who makes the present call, which is a stream. */
    public Caller caller() {
        return new Caller(CALLER.get());
    }

    /** The one who makes a call that lasts. One thread. */
    public final class Caller {
        private final @Nullable Supplier<Identity> source;
        private @Nullable String recognized;

        private Caller(@Nullable Supplier<Identity> source) {
            this.source = source;
        }

        /**
         * Returns the store in the name that counts now.
         *
         * @throws AccessException if the token of the call is of nobody
         */
        public KeyValueStore store() {
            if (source == null) {
                return store;
            }
            Identity who = source.get();
            recognized = who.user();
            return access.localStatus().enabled() ? store.as(who) : store;
        }

        /** Returns the store in the name that was recognized last, for what goes on after its token has ended. */
        public KeyValueStore again() {
            String user = recognized;
            return user == null ? store : store.as(access.recognized(user));
        }
    }

    private KeyValueStore in(Supplier<Identity> caller) {
        try {
            return access.localStatus().enabled() ? store.as(caller.get()) : store;
        } catch (AccessException gone) {
            return store; // In nobody's name.
        }
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Supplier<Identity> caller = caller(call.getAttributes(), headers);
        String method = call.getMethodDescriptor().getFullMethodName();
        try {
            if (access.localStatus().enabled() && FOR_ROOT.contains(method)) {
                store.as(caller == null ? Identity.NOBODY : caller.get())
                        .access()
                        .requireRoot();
            } else if (caller != null && TOKEN_IGNORED.stream().noneMatch(method::startsWith)) {
                Identity unused = caller.get(); // As in etcd, a token must be somebody's even while nobody needs one.
            }
        } catch (AccessException refused) {
            call.close(statusOf(refused, method), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return caller == null
                ? next.startCall(call, headers)
                : Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
    }

    private static Status statusOf(AccessException refused, String method) {
        // As in etcd, whose Maintenance service gives these without their codes.
        if (method.startsWith("etcdserverpb.Maintenance/") && refused.reason() != Reason.INVALID_TOKEN) {
            String text = String.valueOf(AccessErrors.of(refused).getDescription());
            return Status.UNKNOWN.withDescription(text.replace("etcdserver: ", "auth: "));
        }
        return AccessErrors.of(refused);
    }

    private @Nullable Supplier<Identity> caller(Attributes attributes, Metadata headers) {
        String token = headers.get(TOKEN);
        String given = token == null ? headers.get(AUTHORIZATION) : token;
        if (given != null) {
            return () -> {
                Identity who = tokens.read(given);
                if (who == null) {
                    throw new AccessException(Reason.INVALID_TOKEN, "the token is of nobody");
                }
                return who;
            };
        }
        String name = byCertificate ? commonName(attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION)) : null;
        return name == null ? null : () -> access.recognized(name);
    }

    private static @Nullable String commonName(@Nullable SSLSession session) {
        try {
            if (session != null && session.getPeerCertificates()[0] instanceof X509Certificate certificate) {
                String subject = certificate.getSubjectX500Principal().getName();
                for (Rdn part : new LdapName(subject).getRdns()) {
                    if (part.getType().equalsIgnoreCase("CN")) {
                        return String.valueOf(part.getValue());
                    }
                }
            }
        } catch (SSLPeerUnverifiedException | InvalidNameException e) {
            return null;
        }
        return null;
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
