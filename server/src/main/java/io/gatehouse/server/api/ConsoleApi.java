// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything for programs lies below {@code /api}, in its first version below {@code /api/v1}. What
 * is neither listed here nor a {@link PageResource} is not there.
 */
@ApplicationPath("/api")
public class ConsoleApi extends Application {
  /** What the document tells of, in its order; it is made before beans can be found. */
  static final List<Class<?>> RESOURCES =
      List.of(
          StatusResource.class,
          TunnelsResource.class,
          DriftResource.class,
          PeersResource.class,
          FilesResource.class,
          EditResource.class,
          HistoryResource.class,
          CommitResource.class,
          SnmpResource.class,
          BackupResource.class,
          RestoreResource.class,
          LinksResource.class,
          AccountResource.class,
          ViewsResource.class,
          UsersResource.class,
          AuditPageResource.class);

  private static final List<Class<?>> PROVIDERS =
      List.of(AccessFilter.class, BodyReader.class, RecordWriter.class, ProblemMapper.class);

  @Override
  public Set<Class<?>> getClasses() {
    Set<Class<?>> classes = new LinkedHashSet<>(RESOURCES);
    for (var resource : CDI.current().select(PageResource.class, Any.Literal.INSTANCE).handles()) {
      classes.add(resource.getBean().getBeanClass());
    }
    classes.addAll(PROVIDERS);
    return classes;
  }
}
