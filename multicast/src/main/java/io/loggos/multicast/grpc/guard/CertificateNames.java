package io.loggos.multicast.grpc.guard;

import io.loggos.api.NodeId;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The names in a certificate.
 *
 * <p>They are its DNS names among the subject alternative names; without any, its common name. That of node 2 is
 * {@code node-2} or {@code node-2.DOMAIN}.
 */
public final class CertificateNames {
    private static final int DNS_NAME = 2;
    private static final String NODE = "node-";

    private CertificateNames() {}

    /** Returns the names of a certificate, in lower case. */
    public static List<String> of(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (alternative.get(0).equals(DNS_NAME)) {
                        names.add(lower(alternative.get(1)));
                    }
                }
            }
            if (names.isEmpty()) {
                for (Rdn part :
                        new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                    if (part.getType().equalsIgnoreCase("CN")) {
                        names.add(lower(part.getValue()));
                    }
                }
            }
        } catch (CertificateParsingException | InvalidNameException e) {
            // What cannot be read names nobody.
            names.clear();
        }
        return names;
    }

    /** Returns true if a certificate is of this node of a domain. */
    public static boolean isOf(X509Certificate certificate, NodeId node, String domain) {
        return of(certificate).contains(NODE + node.value() + domain);
    }

    /** Returns true if a certificate is of some node of a domain. */
    public static boolean isOfNode(X509Certificate certificate, String domain) {
        Pattern node = Pattern.compile(NODE + "\\d{1,5}" + Pattern.quote(domain));
        return of(certificate).stream().anyMatch(name -> node.matcher(name).matches());
    }

    /** Returns what follows this node's part of the name: empty, or a point and the domain; empty if it has no name. */
    public static Optional<String> domain(X509Certificate certificate, NodeId node) {
        String own = NODE + node.value();
        return of(certificate).stream()
                .filter(name -> name.equals(own) || name.startsWith(own + "."))
                .map(name -> name.substring(own.length()))
                .findFirst();
    }

    private static String lower(Object name) {
        return String.valueOf(name).toLowerCase(Locale.ROOT);
    }
}
