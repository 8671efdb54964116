package io.loggos.api.node;

import java.nio.file.Path;

/**
 * Files of a node's certificate, its key, and the authorities that it trusts. All are PEM.
 *
 * <p>Connections use TLS 1.3, and each end shows a certificate. The certificate of node 2 has the DNS name
 * {@code node-2} or {@code node-2.DOMAIN} among its subject alternative names. A certificate without such names has it
 * as its common name. DOMAIN must be the same for all nodes of a cluster, so that one authority can serve several
 * clusters.
 *
 * <p>The files may be replaced at any time. The next connection uses the new ones, and connections that are open go on.
 * Files that do not fit together are not taken, and the node goes on with the last that did.
 *
 * @param certificateFile the certificate of this node, followed by those of intermediate authorities if there are any
 * @param keyFile the private key of that certificate, in PKCS #8 and not encrypted
 * @param trustedCaFile the certificates of the authorities that peers' certificates may come from
 */
public record TlsOptions(Path certificateFile, Path keyFile, Path trustedCaFile) {}
