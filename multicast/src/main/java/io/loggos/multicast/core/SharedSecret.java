package io.loggos.multicast.core;

import io.loggos.api.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Proofs that a node knows the secret of its cluster: HMAC-SHA-256 (RFC 2104) over a label and what is proved.
 *
 * <p>The label names protocol, step and direction, so no proof is worth anything in another place. Each end adds a
 * nonce of its own, so none is worth anything another time. A node gives no proof to an end that has to prove itself
 * first and has not.
 *
 * <p>Immutable but for the source of nonces.
 */
public final class SharedSecret {
    /** Steps that are proved. */
    public enum Label {
        /** The dialler of a link proves its Hello, the nonces of both ends included. */
        LINK_HELLO,
        /** The acceptor proves its Welcome to that Hello. */
        LINK_WELCOME,
        /** The sender of a bulk request proves its headers, with the nonces of both ends. */
        BULK_REQUEST,
        /** The receiver proves that it knows the secret too, with both nonces. */
        BULK_ANSWER
    }

    /** The size of a nonce, in bytes. */
    public static final int NONCE_BYTES = 32;
    /** The size of a proof, in bytes. */
    public static final int PROOF_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    /** One secret. */
    public static final class Key {
        private final SecretKeySpec key;

        private Key(Bytes secret) {
            key = new SecretKeySpec(secret.toByteArray(), ALGORITHM);
        }

        /** Returns the proof of a step that says these parts. */
        public Bytes prove(Label label, Bytes... parts) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(key);
                mac.update(("loggos 1 " + label.name()).getBytes(StandardCharsets.US_ASCII));
                mac.update((byte) 0);
                for (Bytes part : parts) {
                    int size = part.size();
                    mac.update(new byte[] {(byte) (size >> 24), (byte) (size >> 16), (byte) (size >> 8), (byte) size});
                    mac.update(part.backingArray(), part.backingOffset(), size);
                }
                return Bytes.wrap(mac.doFinal());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
            }
        }

        /** Returns true if this is the proof of a step that says these parts. Takes as long whatever is wrong. */
        public boolean isProof(Bytes proof, Label label, Bytes... parts) {
            return MessageDigest.isEqual(
                    proof.toByteArray(), prove(label, parts).toByteArray());
        }
    }

    private final List<Key> keys;
    private final RandomGenerator nonces;

    /**
     * Takes the secrets of a node.
     *
     * @param secrets not empty; the first is the one that this node proves, and each is accepted of a peer
     * @param nonces unpredictable outside of a simulation
     */
    public SharedSecret(List<Bytes> secrets, RandomGenerator nonces) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("no secret");
        }
        this.keys = secrets.stream().map(Key::new).toList();
        this.nonces = nonces;
    }

    /** Returns a new nonce. */
    public Bytes nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        nonces.nextBytes(nonce);
        return Bytes.wrap(nonce);
    }

    /** Returns the secret that this node proves first. */
    public Key own() {
        return keys.get(0);
    }

    /** Returns the secret that a peer has proved, or null if it has proved none. */
    public @Nullable Key proved(Bytes proof, Label label, Bytes... parts) {
        Key found = null;
        for (Key key : keys) {
            found = key.isProof(proof, label, parts) ? key : found;
        }
        return found;
    }
}
